#include "tests/storage/sample_entries.h"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "storage/entry_codec.h"

namespace tipgate {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int32_t kMax32 = std::numeric_limits<int32_t>::max();

const std::vector<Violation> kViolations = {
    {.code = RejectionCode::kDayLimit,
     .origin = LimitOrigin::kPolicy,
     .limit = 500'000,
     .used = 499'000,
     .requested = 2'000,
     .retry_time_ms = 1'700'000'000'000,
     .period = Period::kMonth},
    {.code = RejectionCode::kSessionCap, .origin = LimitOrigin::kTier, .limit = 300}};

Intent SampleIntent() {
  return {.caller = CallerId{3}, .key = IdempotencyKey("order-1"), .create_time_ms = 1'699'999'999};
}

Age SampleAge() { return {.birth_date = {1990, 2, 28}, .band = AgeBand::kAdult}; }

IncomeTerms SampleTerms() {
  return {.settle_delay_ms = 259'200'000,
          .remorse_ms = 111,
          .agency = AgencyId(77),
          .streamer_permille = 500,
          .agency_permille = 100};
}

TipRecord SampleTip(Entry& entry) {
  TipRecord tip;
  tip.request = {.intent = SampleIntent(),
                 .app = ActorName("web"),
                 .payer = PayerId(11),
                 .streamer = StreamerId(12),
                 .session = SessionId(13),
                 .gift = GiftId(14),
                 .unit_price = Money(1'000),
                 .count = 2,
                 .is_hold = true,
                 .hold_ms = 60'000};
  tip.outcome = Outcome::kRejected;
  tip.policy_version = 5;
  tip.amount_max = Money(1'500);
  tip.count_max = 1;
  tip.day_total = Money(499'000);
  tip.day_left = Money(1'000);
  tip.month_total = Money(600'000);
  tip.month_left = Money(400'000);
  tip.balance = Money(123);
  tip.expire_time_ms = 1'700'000'060'000;
  tip.terms = SampleTerms();
  tip.retry_time_ms = 1'700'000'000'000;
  tip.cooling_off_end_ms = 1'700'000'300'000;
  tip.enters_window = true;
  tip.previous_of_payer = RecordId(6, 1);
  tip.previous_of_streamer = RecordId(6, 2);
  tip.previous_of_session = RecordId(6, 3);
  tip.violations = entry.Open<Violation>();
  for (const Violation& violation : kViolations) entry.Add(tip.violations, violation);
  tip.reminders = entry.Open<Reminder>();
  entry.Add(tip.reminders, Reminder{.period = Period::kMonth, .permille = 900});
  return tip;
}

RechargeRecord SampleRecharge(Entry& entry) {
  RechargeRecord recharge;
  recharge.action = RechargeAction::kCapture;
  recharge.intent = SampleIntent();
  recharge.app = ActorName("web");
  recharge.recharge = RecordId(4, 9);
  recharge.payer = PayerId(11);
  recharge.amount = Money(64'800);
  recharge.hold_ms = 1'800'000;
  recharge.outcome = Outcome::kRejected;
  recharge.policy_version = 5;
  recharge.state = RechargeState::kExpired;
  recharge.counted_day = Day{19'675};
  recharge.counted_month = Month{24'274};
  recharge.amount_max = Money(1);
  recharge.day_total = Money(2);
  recharge.day_left = Money(3);
  recharge.month_total = Money(4);
  recharge.month_left = Money(5);
  recharge.expire_time_ms = 6;
  recharge.retry_time_ms = 7;
  recharge.is_late = true;
  recharge.actor = ActorName("ann");
  recharge.refund = Money(8);
  recharge.balance = Money(9);
  Recharge after;
  after.id = RecordId(4, 9);
  after.payer = PayerId(11);
  after.amount = Money(64'800);
  after.state = RechargeState::kCaptured;
  after.close_time_ms = 10;
  after.is_in_wallet = true;
  after.refunded = Money(11);
  recharge.after = entry.AddOne(after);
  recharge.note =
      entry.AddOne(CaseNote{.case_name = CaseName("case-7"), .reason = ReasonText("unspent")});
  recharge.violations = entry.Open<Violation>();
  entry.Add(recharge.violations, kViolations[0]);
  return recharge;
}

PayerRecord SamplePayer() {
  return {.intent = SampleIntent(),
          .payer = PayerId(11),
          .is_verified = true,
          .age = SampleAge(),
          .has_guardian_consent = true,
          .has_youth_mode = true,
          .tier = TierName("vip"),
          .guardian = {.tip_max = Money(25), .day_limit = Money(26), .month_limit = Money(27)},
          .risk = {.tip_max = Money(28), .day_limit = Money(29), .month_limit = Money(30)},
          .source = SourceName("id-check"),
          .requested_observe_time_ms = 21,
          .observe_time_ms = 22};
}

PauseRecord SamplePause() {
  return {.intent = SampleIntent(), .payer = PayerId(11), .duration_ms = 23, .end_time_ms = 24};
}

SelfLimitsRecord SampleSelfLimits(Entry& entry) {
  SelfLimitsRecord record;
  record.intent = SampleIntent();
  record.payer = PayerId(11);
  record.tip_max_change = {.kind = LimitChangeKind::kSet, .amount = Money(81)};
  record.day_limit_change = {.kind = LimitChangeKind::kRemove};
  record.month_limit_change = {.kind = LimitChangeKind::kWithdrawRaise};
  record.token = ConfirmationToken("cafe");
  record.outcome = Outcome::kRejected;
  record.uses_confirmation = true;
  record.tip_max = {.amount = Money(82), .raised = Money(83), .raise_time_ms = 84};
  record.day_limit = {.amount = Money(85), .raise_time_ms = 86};
  record.month_limit = {.amount = Money(87)};
  record.violations = entry.Open<Violation>();
  entry.Add(record.violations, Violation{.code = RejectionCode::kConfirmationRequired});
  return record;
}

ConfirmationRecord SampleConfirmation() {
  return {.action = ConfirmationAction::kComplete,
          .intent = SampleIntent(),
          .payer = PayerId(11),
          .scope = ConfirmationScope::kMonthGate,
          .token = ConfirmationToken("cafe"),
          .proof = ProofName("sms-1"),
          .outcome = Outcome::kRejected,
          .refusal = ConfirmationRefusal::kExpired,
          .policy_version = 5,
          .attempts_left = 4,
          .expire_time_ms = 88};
}

CoolingOffRecord SampleCoolingOff() {
  return {.intent = SampleIntent(),
          .actor = ActorName("li.wei"),
          .payer = PayerId(11),
          .duration_ms = 89,
          .end_time_ms = 90};
}

PayerFreezeRecord SamplePayerFreeze() {
  return {.action = FreezeAction::kUnfreeze,
          .intent = SampleIntent(),
          .actor = ActorName("li.wei"),
          .payer = PayerId(11),
          .case_name = CaseName("case-7"),
          .is_frozen = true,
          .first_approver = ActorName("li.wei")};
}

StopRecord SampleStop() {
  return {.action = StopAction::kLift,
          .intent = SampleIntent(),
          .actor = ActorName("li.wei"),
          .scope = {.kind = StopKind::kApp, .id = 101, .app = ActorName("web")},
          .reason = ReasonText("leak"),
          .is_stopped = true,
          .start_time_ms = 102,
          .first_approver = ActorName("li.wei")};
}

SanctionRecord SampleSanction() {
  return {.action = SanctionAction::kSanction,
          .intent = SampleIntent(),
          .actor = ActorName("li.wei"),
          .streamer = StreamerId(12),
          .lifted = RecordId(4, 9),
          .kind = SanctionKind::kMute,
          .until_ms = 103,
          .mute_ms = 104,
          .is_violation = true,
          .reason = ReasonText("insult"),
          .case_name = CaseName("case-7"),
          .end_time_ms = 105,
          .resume_time_ms = 106,
          .suspended_until_ms = 107};
}

StreamerRecord SampleStreamer() {
  return {.intent = SampleIntent(),
          .streamer = StreamerId(12),
          .is_verified = true,
          .age = SampleAge(),
          .has_guardian_consent = true,
          .tier = TierName("gold"),
          .agency = AgencyId(77),
          .payer = PayerId(78),
          .source = SourceName("crm"),
          .requested_observe_time_ms = 21,
          .observe_time_ms = 22};
}

SessionRecord SampleSession(Entry& entry) {
  SessionRecord session;
  session.action = SessionAction::kClose;
  session.intent = SampleIntent();
  session.session = SessionId(13);
  session.streamer = StreamerId(12);
  session.outcome = Outcome::kAccepted;
  session.policy_version = 5;
  session.tier = TierName("gold");
  session.open_time_ms = 31;
  session.max_end_time_ms = 32;
  session.received = Money(33);
  session.received_max = Money(34);
  session.retry_time_ms = 35;
  session.violations = entry.Open<Violation>();
  entry.Add(session.violations, kViolations[1]);
  return session;
}

SettlementRecord SampleSettlement(Entry& entry) {
  SettlementRecord settlement;
  settlement.delay_ms = 259'200'000;
  settlement.first_sequence = 41;
  settlement.last_sequence = 42;
  settlement.last_time_ms = 43;
  settlement.tips_count = 44;
  settlement.amount = Money(45);
  settlement.shares = entry.Open<SettlementShare>();
  entry.Add(settlement.shares, {.streamer = StreamerId(12),
                                .agency = AgencyId(77),
                                .amount = Money(40),
                                .streamer_income = Money(20),
                                .agency_income = Money(4),
                                .streamer_netted = Money(3),
                                .agency_netted = Money(2)});
  SettlementShare other;
  other.streamer = StreamerId(99);
  other.amount = Money(5);
  entry.Add(settlement.shares, other);
  settlement.exceptions = entry.Open<SettlementException>();
  entry.Add(settlement.exceptions,
            {.tip = RecordId(41, 1), .due = RecordId(42, 1), .amount = Money(6)});
  return settlement;
}

CaseNote SampleNote() {
  return {.case_name = CaseName("case-7"), .reason = ReasonText("a minor paid")};
}

Tip SampleChangedTip() {
  Tip tip;
  tip.id = RecordId(6, 1);
  tip.payer = PayerId(11);
  tip.streamer = StreamerId(12);
  tip.session = SessionId(13);
  tip.state = TipState::kFrozen;
  tip.amount = Money(121);
  tip.released = Money(122);
  tip.refunded = Money(123);
  tip.refunded_settled = Money(124);
  tip.accept_time_ms = 125;
  tip.counted_day = Day{126};
  tip.counted_month = Month{127};
  tip.enters_window = true;
  tip.expire_time_ms = 128;
  tip.pending_time_ms = 129;
  tip.terms = SampleTerms();
  tip.settle_time_ms = 130;
  tip.due = RecordId(7, 1);
  tip.due_delay_ms = 131;
  tip.due_amount = Money(132);
  tip.freezes.PushBack(RecordId(8, 1));
  tip.freezes.PushBack(RecordId(8, 2));
  tip.change_time_ms = 133;
  return tip;
}

TipChangeRecord SampleTipChange(Entry& entry) {
  TipChangeRecord change;
  change.action = TipAction::kRefund;
  change.intent = SampleIntent();
  change.actor = ActorName("eve");
  change.job = RecordId(8, 3);
  change.outcome = Outcome::kAccepted;
  change.policy_version = 5;
  change.from = TipState::kSettled;
  change.requested = Money(141);
  change.permille = 142;
  change.amount = Money(143);
  change.released = Money(144);
  change.headroom = Money(145);
  change.streamer_receivable = Money(146);
  change.agency_receivable = Money(147);
  change.after = entry.AddOne(SampleChangedTip());
  change.unfrozen = entry.AddOne(RecordId(8, 4));
  change.note = entry.AddOne(SampleNote());
  change.violations = entry.AddOne(kViolations[1]);
  return change;
}

IncomeJobRecord SampleIncomeJob(Entry& entry) {
  IncomeJobRecord job;
  job.action = IncomeAction::kRelease;
  job.intent = SampleIntent();
  job.actor = ActorName("eve");
  job.scope = {
      .kind = IncomeScopeKind::kAgency, .id = 77, .start_time_ms = 151, .end_time_ms = 152};
  job.permille = 153;
  job.note = entry.AddOne(SampleNote());
  job.journal_begin = RecordId(5, 0);
  job.end = RecordId(9, 0);
  return job;
}

IncomeStepRecord SampleIncomeStep() {
  return {.job = RecordId(8, 3),
          .is_in_journal = true,
          .next = RecordId(8, 5),
          .tips_count = 161,
          .skipped_count = 162,
          .amount = Money(163),
          .is_done = true};
}

ManualDelayRecord SampleManualDelay() {
  return {.intent = SampleIntent(),
          .actor = ActorName("eve"),
          .streamer = StreamerId(12),
          .delay_ms = 171};
}

PreferencesRecord SamplePreferences(Entry& entry) {
  PreferencesRecord record;
  record.intent = SampleIntent();
  record.payer = PayerId(11);
  record.reminders_change = SwitchChange::kOff;
  record.public_display_change = SwitchChange::kOn;
  record.token = ConfirmationToken("cafe");
  record.outcome = Outcome::kAccepted;
  record.uses_confirmation = true;
  record.has_reminders_off = true;
  record.allows_public_display = true;
  record.violations = entry.Open<Violation>();
  entry.Add(record.violations, kViolations[0]);
  return record;
}

PolicyRecord SamplePolicy() {
  auto policy = std::make_shared<Policy>();
  policy->version = 5;
  policy->currency = "CNY";
  policy->time_zone = "Asia/Shanghai";
  policy->gift_price_max = Money(51);
  policy->tip_max = Money(52);
  policy->day_limit = Money(53);
  policy->month_limit = Money(54);
  policy->reminder_permille = {500, 1000};
  policy->facts_max_age_ms = 55;
  policy->tiers = {{.name = TierName("gold"),
                    .session_received_max = Money(56),
                    .session_duration_max_ms = 57,
                    .sessions_per_day_max = 58,
                    .session_interval_ms = 59,
                    .settle_delay_ms = 60}};
  policy->settle_delays = {{.min_amount = Money(61), .settle_delay_ms = 62}};
  policy->recharge_single_max = Money(63);
  policy->recharge_day_limit = Money(64);
  policy->recharge_month_limit = Money(65);
  policy->recharge_hold_ms = 66;
  policy->minor_profile = MinorProfile::kTiered2026;
  policy->limits_8_to_15 = {.single_max = Money(67), .day_limit = Money(68)};
  policy->limits_16_to_17 = {.single_max = Money(69), .day_limit = Money(70)};
  policy->payer_tiers = {{.name = TierName("vip"), .limits = {.tip_max = Money(91)}}};
  policy->confirmation = {.day_permille = 92, .month_permille = 93, .is_strict = false};
  policy->cooling_off = {.single_min = Money(94),
                         .window_sum_min = Money(95),
                         .window_count_min = 20,
                         .window_ms = 96,
                         .duration_ms = 97,
                         .hold_ms = 101};
  policy->raise_delay_ms = 98;
  policy->sanctions = {.mute_factor = 99, .recovery_months = 100};
  policy->tip_life = {.hold_ms = 102,
                      .remorse_ms = 103,
                      .void_restores_headroom = false,
                      .streamer_permille = 104,
                      .agency_permille = 105};
  return {.proposal = RecordId(3, 1), .policy = policy};
}

CatalogRecord SampleCatalog() {
  const std::vector<Gift> gifts = {
      {.id = GiftId(71), .name = "rose", .unit_price = Money(72), .is_enabled = true},
      {.id = GiftId(73), .name = "\xe7\x81\xab", .unit_price = Money(74), .is_enabled = false}};
  return {.intent = SampleIntent(),
          .actor = ActorName("li.wei"),
          .version = 75,
          .catalog = std::make_shared<GiftCatalog>(gifts)};
}

ProposalRecord SampleProposal() {
  auto policy = std::make_shared<Policy>();
  policy->currency = "CNY";
  ProposalRecord proposal;
  proposal.intent = SampleIntent();
  proposal.actor = ActorName("li.wei");
  proposal.note = "for May";
  proposal.requested_time_ms = 101;
  proposal.restored_version = 3;
  proposal.policy = policy;
  return proposal;
}

ProposalStepRecord SampleProposalStep() {
  ProposalStepRecord step;
  step.step = ProposalStep::kApprove;
  step.intent = SampleIntent();
  step.actor = ActorName("wang.fang");
  step.proposal = RecordId(3, 1);
  step.effective_time_ms = 102;
  return step;
}

Intent ExtremeIntent() {
  return {.caller = CallerId{std::numeric_limits<uint32_t>::max()},
          .key = IdempotencyKey(std::string(64, '\xff')),
          .create_time_ms = kMin};
}

TipRecord ExtremeTip(Entry& entry) {
  TipRecord tip;
  tip.request = {.intent = ExtremeIntent(),
                 .payer = PayerId(kMax),
                 .streamer = StreamerId(kMin),
                 .session = SessionId(-1),
                 .gift = GiftId(0),
                 .unit_price = Money(kMax),
                 .count = std::numeric_limits<int32_t>::min()};
  tip.outcome = Outcome::kAccepted;
  tip.policy_version = kMax32;
  tip.day_left = Money(kMin);
  tip.previous_of_payer = RecordId(RecordId::kSequenceMax, RecordId::kPositionMax);
  tip.violations = entry.Open<Violation>();
  for (int i = 0; i < 1000; ++i) {
    entry.Add(tip.violations, Violation{.code = RejectionCode::kSessionInterval,
                                        .limit = kMin,
                                        .used = kMax,
                                        .requested = -1,
                                        .retry_time_ms = i});
  }
  tip.reminders = entry.Open<Reminder>();
  entry.Add(tip.reminders, Reminder{.period = Period::kDay, .permille = -1});
  return tip;
}

PolicyRecord ExtremePolicy() {
  auto policy = std::make_shared<Policy>();
  policy->currency = std::string(1024, 'x');
  policy->reminder_permille.assign(500, std::numeric_limits<int32_t>::min());
  policy->tiers.resize(200);
  policy->settle_delays.resize(200);
  return {.proposal = {}, .policy = policy};
}

CatalogRecord ExtremeCatalog() {
  std::vector<Gift> gifts;
  for (int64_t i = 0; i < 3000; ++i) {
    gifts.push_back(
        {.id = GiftId(kMax - i), .name = std::string(64, '\0'), .unit_price = Money(kMin)});
  }
  return {.intent = {},
          .actor = {},
          .version = std::numeric_limits<int32_t>::min(),
          .catalog = std::make_shared<GiftCatalog>(gifts)};
}

void AddExtremePayerControls(Entry& entry) {
  PauseRecord pause;
  pause.intent = ExtremeIntent();
  pause.end_time_ms = kMax;
  entry.records.push_back(pause);
  SelfLimitsRecord limits;
  limits.token = ConfirmationToken(std::string(32, '\xff'));
  limits.outcome = Outcome::kAccepted;
  entry.records.push_back(limits);
  PreferencesRecord preferences;
  preferences.token = ConfirmationToken(std::string(32, '\0'));
  preferences.outcome = Outcome::kRejected;
  entry.records.push_back(preferences);
  ConfirmationRecord confirmation;
  confirmation.action = ConfirmationAction::kStart;
  confirmation.scope = ConfirmationScope::kDayGate;
  confirmation.outcome = Outcome::kAccepted;
  confirmation.proof = ProofName(std::string(64, '\0'));
  confirmation.expire_time_ms = kMin;
  entry.records.push_back(confirmation);
  CoolingOffRecord cooling_off;
  cooling_off.actor = ActorName(std::string(32, 'a'));
  cooling_off.end_time_ms = kMin;
  entry.records.push_back(cooling_off);
  PayerFreezeRecord freeze;
  freeze.action = FreezeAction::kFreeze;
  freeze.case_name = CaseName(std::string(64, '\0'));
  entry.records.push_back(freeze);
}

void AddExtremeStaffRecords(Entry& entry) {
  StopRecord stop;
  stop.action = StopAction::kStop;
  stop.scope = {.kind = StopKind::kGift, .id = kMin, .app = ActorName(std::string(32, '\xff'))};
  stop.reason = ReasonText(std::string(200, '\0'));
  entry.records.push_back(stop);
  SanctionRecord sanction;
  sanction.action = SanctionAction::kLift;
  sanction.reason = ReasonText(std::string(200, '\xff'));
  sanction.suspended_until_ms = kMax;
  entry.records.push_back(sanction);
  ProposalRecord proposal;
  proposal.note = std::string(1024, '\xff');
  proposal.requested_time_ms = kMin;
  proposal.policy = ExtremePolicy().policy;
  entry.records.push_back(proposal);
  ProposalStepRecord step;
  step.step = ProposalStep::kFail;
  step.proposal = RecordId(RecordId::kSequenceMax, RecordId::kPositionMax);
  entry.records.push_back(step);
}

void AddExtremeIncome(Entry& entry) {
  TipChangeRecord change;
  change.action = TipAction::kExpire;
  change.outcome = Outcome::kAccepted;
  change.from = TipState::kHeld;
  change.amount = Money(kMin);
  Tip after = SampleChangedTip();
  after.amount = Money(kMax);
  after.due = RecordId(RecordId::kSequenceMax, RecordId::kPositionMax);
  while (after.freezes.size() < after.freezes.kSizeMax) after.freezes.PushBack(after.due);
  change.after = entry.AddOne(after);
  entry.records.push_back(change);
  IncomeJobRecord job;
  job.action = IncomeAction::kFreeze;
  job.scope = {
      .kind = IncomeScopeKind::kPayer, .id = kMin, .start_time_ms = kMin, .end_time_ms = kMax};
  job.note = entry.AddOne(CaseNote{.case_name = CaseName(std::string(64, '\xff')),
                                   .reason = ReasonText(std::string(200, '\0'))});
  entry.records.push_back(job);
}

}  // namespace

Entry SampleEntry(int kind) {
  Entry entry;
  entry.term = 2;
  entry.sequence = 7;
  entry.moment = {.time_ms = 1'700'000'000'123,
                  .day = Day{19'675},
                  .month = Month{24'274},
                  .day_end_ms = 1'700'064'000'000,
                  .month_end_ms = 1'701'360'000'000};
  const Record records[] = {SampleTip(entry),        SampleRecharge(entry), SamplePayer(),
                            SampleStreamer(),        SampleSession(entry),  SampleSettlement(entry),
                            SamplePolicy(),          SampleCatalog(),       SamplePause(),
                            SampleSelfLimits(entry), SampleConfirmation(),  SampleCoolingOff(),
                            SamplePayerFreeze(),     SampleStop(),          SampleSanction(),
                            SampleProposal(),        SampleProposalStep(),  SampleTipChange(entry),
                            SampleIncomeJob(entry),  SampleIncomeStep(),    SampleManualDelay(),
                            SamplePreferences(entry)};
  static_assert(std::size(records) == std::variant_size_v<Record>);
  entry.records.push_back(records[kind]);
  return entry;
}

Entry ExtremeEntry() {
  Entry entry;
  entry.term = kMax;
  entry.sequence = RecordId::kSequenceMax;
  entry.moment = {.time_ms = kMin,
                  .day = Day{std::numeric_limits<int32_t>::min()},
                  .month = Month{kMax32},
                  .day_end_ms = kMax,
                  .month_end_ms = -1};
  entry.records.push_back(ExtremeTip(entry));
  RechargeRecord expiry;
  expiry.action = RechargeAction::kExpire;
  expiry.outcome = Outcome::kAccepted;
  expiry.state = RechargeState::kExpired;
  expiry.counted_day = Day{kMax32};
  expiry.amount = Money(kMin);
  entry.records.push_back(expiry);
  PayerRecord payer;
  payer.age.birth_date = {-32768, -128, 127};
  payer.source = SourceName(std::string(32, '\0'));
  entry.records.push_back(payer);
  StreamerRecord streamer;
  streamer.tier = TierName("12345678");
  streamer.agency = AgencyId(kMin);
  entry.records.push_back(streamer);
  SessionRecord session;
  session.action = SessionAction::kOpen;
  session.outcome = Outcome::kRejected;
  session.received = Money(kMax);
  entry.records.push_back(session);
  SettlementRecord settlement;
  settlement.first_sequence = kMin;
  settlement.last_sequence = kMax;
  entry.records.push_back(settlement);
  entry.records.push_back(ExtremePolicy());
  entry.records.push_back(ExtremeCatalog());
  AddExtremePayerControls(entry);
  AddExtremeStaffRecords(entry);
  AddExtremeIncome(entry);
  return entry;
}

Entry RandomTips(int64_t sequence, int tips_count, std::mt19937_64& random) {
  Entry entry;
  entry.sequence = sequence;
  entry.moment = {.time_ms = 1'700'000'000'000 + sequence};
  for (int i = 0; i < tips_count; ++i) {
    TipRecord tip;
    tip.request.intent.key = IdempotencyKey(absl::StrCat(absl::Hex(random(), absl::kZeroPad16)));
    tip.request.payer = PayerId(static_cast<int64_t>(random() >> 20));
    tip.request.streamer = StreamerId(static_cast<int64_t>(random() >> 40));
    tip.request.unit_price = Money(static_cast<int64_t>(random() % 100'000));
    tip.request.count = 1;
    tip.outcome = Outcome::kAccepted;
    entry.records.push_back(tip);
  }
  return entry;
}

std::string BytesOf(const Entry& entry) {
  EntryEncoder encoder;
  return std::string(encoder.Encode(entry, entry.term, ChainHash{}));
}

std::string BytesOf(const Journal& journal) {
  std::string bytes;
  Entry entry;
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(1);
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    TIPGATE_CHECK(has_entry.ok());
    if (!*has_entry) return bytes;
    bytes += BytesOf(entry);
  }
}

}  // namespace tipgate

#include "tests/support/core_gate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/recovery.h"

namespace tipgate {
namespace {

constexpr int64_t kHourMs = 3'600'000;

Tier MakeTier(const char* name, int64_t cap, int64_t hours, int32_t sessions, int64_t minutes,
              int64_t days) {
  return {.name = TierName(name),
          .session_received_max = Money(cap),
          .session_duration_max_ms = hours * kHourMs,
          .sessions_per_day_max = sessions,
          .session_interval_ms = minutes * 60'000,
          .settle_delay_ms = days * 24 * kHourMs};
}

int64_t ParseLocalMs(const std::string& local) {
  absl::TimeZone zone;
  TIPGATE_CHECK(absl::LoadTimeZone("Asia/Shanghai", &zone));
  absl::Time time;
  std::string error;
  TIPGATE_CHECK(absl::ParseTime("%Y-%m-%d %H:%M:%E*S", local, zone, &time, &error));
  return absl::ToUnixMillis(time);
}

}  // namespace

Policy SamplePolicy() {
  Policy policy;
  policy.currency = "CNY";
  policy.time_zone = "Asia/Shanghai";
  policy.gift_price_max = Money(300'000);
  policy.tip_max = Money(500'000);
  policy.day_limit = Money(2'000'000);
  policy.month_limit = Money(10'000'000);
  policy.reminder_permille = {300, 500, 800, 1000};
  policy.tiers = {MakeTier("L1", 2'000'000, 4, 3, 30, 7), MakeTier("L2", 10'000'000, 6, 4, 15, 3),
                  MakeTier("L3", 50'000'000, 8, 6, 10, 1)};
  policy.settle_delays = {{.min_amount = Money(100'000), .settle_delay_ms = 7 * 24 * kHourMs}};
  policy.recharge_single_max = Money(500'000);
  policy.recharge_day_limit = Money(2'000'000);
  policy.recharge_month_limit = Money(5'000'000);
  policy.recharge_hold_ms = 30 * 60'000;
  policy.raise_delay_ms = 24 * kHourMs;
  policy.tip_life.hold_ms = 30'000;
  policy.tip_life.streamer_permille = 500;
  policy.tip_life.agency_permille = 100;
  return policy;
}

GiftCatalog SampleCatalog() {
  const auto make = [](int64_t id, int64_t price, bool is_enabled) {
    return Gift{.id = GiftId(id),
                .name = absl::StrCat("gift ", id),
                .unit_price = Money(price),
                .is_enabled = is_enabled};
  };
  return GiftCatalog({make(1, 1, true), make(2, 300'000, true), make(3, 300'001, true),
                      make(4, 100, false), make(5, 10'000, true)});
}

Money PriceOfSampleGift(GiftId gift) {
  static const GiftCatalog* const kCatalog = new GiftCatalog(SampleCatalog());
  const Gift* const found = kCatalog->Find(gift);
  return found == nullptr ? Money(100) : found->unit_price;
}

std::vector<RejectionCode> Decided::codes() const {
  std::vector<RejectionCode> codes;
  for (const Violation& violation : violations) codes.push_back(violation.code);
  return codes;
}

ErrorReason Decided::error() const {
  const auto* error = std::get_if<RequestError>(&answer);
  return error == nullptr ? ErrorReason{} : error->reason;
}

StateLimits CoreGate::DefaultLimits() {
  return {.payers_max = 1'000'000,
          .payers_resident_max = 10'000,
          .streamers_max = 1'000'000,
          .sessions_max = 1'000'000,
          .recharges_max = 1'000'000,
          .tips_max = 1'000'000,
          .income_jobs_max = 1'000'000,
          .idempotency_retention_ms = 7 * 24 * kHourMs};
}

CoreGate::CoreGate(const Policy& policy, StateLimits limits)
    : limits_(limits), calendar_(*Calendar::Load(policy.time_zone)) {
  sequencer_ = std::make_unique<Sequencer>(&state, &keys, limits_, calendar_, 0);
  SetTime("2026-11-23 20:00:00.000");
  Activate(policy);
  Run(CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(SampleCatalog())});
}

CoreGate::CoreGate(ForRecovery, const CoreGate& crashed)
    : journal(crashed.journal),
      store(crashed.store),
      now_ms(crashed.now_ms),
      limits_(crashed.limits_),
      calendar_(crashed.calendar_),
      intents_count_(crashed.intents_count_),
      tokens_count_(crashed.tokens_count_) {
  const auto report = Recover(*journal, *store, limits_.payers_resident_max, &state, &keys);
  TIPGATE_CHECK(report.ok());
  sequencer_ =
      std::make_unique<Sequencer>(&state, &keys, limits_, calendar_, journal->Head().sequence);
}

std::unique_ptr<CoreGate> CoreGate::Recovered() {
  return std::unique_ptr<CoreGate>(new CoreGate(ForRecovery(), *this));
}

void CoreGate::SetTime(const std::string& local) { now_ms = ParseLocalMs(local); }

void CoreGate::Activate(const Policy& policy) {
  Run(PolicyCommand{.policy = std::make_shared<const Policy>(policy)});
}

Decided CoreGate::Propose(const Policy& policy, const std::string& actor,
                          int64_t requested_time_ms) {
  ProposalRecord record;
  record.intent = NewIntent();
  record.actor = ActorName(actor);
  record.requested_time_ms = requested_time_ms;
  record.policy = std::make_shared<const Policy>(policy);
  const KeyLookup key = LookUp(record.intent);
  return Run(ProposalCommand{.request = std::move(record), .key = key, .answer = {}});
}

Decided CoreGate::TakeStep(ProposalStep step, RecordId proposal, const std::string& actor) {
  ProposalStepRecord record;
  record.step = step;
  record.intent = NewIntent();
  record.actor = ActorName(actor);
  record.proposal = proposal;
  return Run(ProposalStepCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::Approve(RecordId proposal, const std::string& actor) {
  return TakeStep(ProposalStep::kApprove, proposal, actor);
}

Decided CoreGate::Withdraw(RecordId proposal, const std::string& actor) {
  return TakeStep(ProposalStep::kWithdraw, proposal, actor);
}

Decided CoreGate::PutGifts(const GiftCatalog& catalog) {
  GiftsCommand command;
  command.request.intent = NewIntent();
  command.request.actor = ActorName("ops-1");
  command.request.catalog = std::make_shared<const GiftCatalog>(catalog);
  command.key = LookUp(command.request.intent);
  return Run(std::move(command));
}

Intent CoreGate::NewIntent() {
  return {.caller = CallerId{}, .key = IdempotencyKey(absl::StrCat("key-", ++intents_count_))};
}

KeyLookup CoreGate::LookUp(const Intent& intent) const {
  const Hash128 hash = HashKey(intent.caller, intent.key.view());
  return {.hash = hash, .stored = *store->FindKey(hash)};
}

void CoreGate::Execute(Command* command) {
  PayerLookUps look_ups;
  const auto look_up = [&] {
    TIPGATE_CHECK(LookUpPayers(*command, sequencer_->residents(), *store, &look_ups).ok());
  };
  look_up();
  bool has_room = false;
  while (!has_room) {
    sequencer_->Begin(calendar_.At(now_ms), &batch_);
    has_room = sequencer_->HasRoom(*command);
    // At once, not in another batch as the pipeline does: so entries do not depend on it.
    while (has_room && !sequencer_->Admit(*command, &look_ups)) look_up();
    if (has_room) sequencer_->Execute(*command);
    if (sequencer_->End()) TIPGATE_CHECK(journal->Append(batch_.entry).ok());
  }
}

Decided CoreGate::Run(Command command) {
  Execute(&command);
  return std::visit(
      [this](const auto& content) -> Decided {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, CheckRechargeCommand>) {
          return Read(batch_.dry, content.answer);
        } else if constexpr (requires { content.answer; }) {
          return Read(batch_.entry, content.answer);
        } else if constexpr (requires { content.answers; }) {
          return Read(content.is_dry_run ? batch_.dry : batch_.entry, content.answers.front());
        } else {
          return Decided();
        }
      },
      command);
}

Decided CoreGate::Read(const Entry& entry, const Answer& answer) const {
  Decided decided;
  decided.answer = answer;
  const auto* place = std::get_if<InRecord>(&answer);
  if (place == nullptr) return decided;
  decided.id = entry.IdAt(place->position);
  const Record& record = entry.records[place->position];
  Slice<Violation> violations;
  Slice<Reminder> reminders;
  if (const auto* tip = std::get_if<TipRecord>(&record)) {
    decided.tip = *tip;
    violations = tip->violations;
    reminders = tip->reminders;
  } else if (const auto* recharge = std::get_if<RechargeRecord>(&record)) {
    decided.recharge = *recharge;
    violations = recharge->violations;
  } else if (const auto* session = std::get_if<SessionRecord>(&record)) {
    decided.session = *session;
    violations = session->violations;
  } else if (const auto* pause = std::get_if<PauseRecord>(&record)) {
    decided.pause = *pause;
  } else if (const auto* limits = std::get_if<SelfLimitsRecord>(&record)) {
    decided.self_limits = *limits;
    violations = limits->violations;
  } else if (const auto* preferences = std::get_if<PreferencesRecord>(&record)) {
    decided.preferences = *preferences;
    violations = preferences->violations;
  } else if (const auto* confirmation = std::get_if<ConfirmationRecord>(&record)) {
    decided.confirmation = *confirmation;
  } else if (const auto* cooling_off = std::get_if<CoolingOffRecord>(&record)) {
    decided.cooling_off = *cooling_off;
  } else if (const auto* freeze = std::get_if<PayerFreezeRecord>(&record)) {
    decided.freeze = *freeze;
  } else if (const auto* stop = std::get_if<StopRecord>(&record)) {
    decided.stop = *stop;
  } else if (const auto* sanction = std::get_if<SanctionRecord>(&record)) {
    decided.sanction = *sanction;
  } else if (const auto* step = std::get_if<ProposalStepRecord>(&record)) {
    decided.proposal_step = *step;
  } else if (const auto* change = std::get_if<TipChangeRecord>(&record)) {
    decided.tip_change = *change;
    decided.changed_tip = entry.View(change->after).front();
    violations = change->violations;
  }
  for (const Violation& violation : entry.View(violations)) decided.violations.push_back(violation);
  for (const Reminder& reminder : entry.View(reminders)) decided.reminders.push_back(reminder);
  return decided;
}

void CoreGate::Tick() { Run(TickCommand()); }

void CoreGate::ForgetWhatIsDue() {
  PutAdult(PayerId(1'000'000));
  Advance(absl::Minutes(1));
  Tick();
}

void CoreGate::Checkpoint(size_t part) {
  state.BeginCheckpoint(sequencer_->last_sequence());
  const auto frozen = keys.Freeze(sequencer_->last_sequence());
  for (bool has_more = true; has_more;) {
    StateImage image;
    has_more = state.CopyCheckpoint(part, &image);
    if (!has_more) image.keys = frozen;
    TIPGATE_CHECK(store->Write(image).ok());
  }
  keys.NoteStored(sequencer_->last_sequence());
}

}  // namespace tipgate

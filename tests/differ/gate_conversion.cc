#include "tests/differ/gate_conversion.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tipgate::differ {
namespace {

Money ToLimit(const std::optional<int64_t>& limit) {
  return limit.has_value() ? Money(*limit) : kNoLimit;
}

PayerLimits ToCore(const oracle::Limits& limits) {
  return {.tip_max = ToLimit(limits.tip_max),
          .day_limit = ToLimit(limits.day),
          .month_limit = ToLimit(limits.month)};
}

CoolingOffPolicy ToCore(const oracle::CoolingOffPolicy& policy) {
  return {.single_min = ToLimit(policy.single_amount),
          .window_sum_min = ToLimit(policy.window_amount),
          .window_count_min = static_cast<int32_t>(policy.window_count.value_or(0)),
          .window_ms = policy.window_ms,
          .duration_ms = policy.duration_ms,
          .hold_ms = policy.mode == oracle::CoolingOffMode::kHold ? policy.hold_ttl_ms : 0};
}

LimitChange ToCore(const std::optional<oracle::LimitChange>& change) {
  if (!change.has_value()) return {};
  if (change->withdraws_raise) return {.kind = LimitChangeKind::kWithdrawRaise};
  if (!change->limit.has_value()) return {.kind = LimitChangeKind::kRemove};
  return {.kind = LimitChangeKind::kSet, .amount = Money(*change->limit)};
}

ConfirmationScope ToScope(oracle::ConfirmationScope scope, oracle::Period period) {
  if (scope == oracle::ConfirmationScope::kRaiseLimits) return ConfirmationScope::kSelfLimits;
  if (scope == oracle::ConfirmationScope::kRemindersOff) return ConfirmationScope::kReminders;
  return period == oracle::Period::kDay ? ConfirmationScope::kDayGate
                                        : ConfirmationScope::kMonthGate;
}

SwitchChange ToSwitch(const std::optional<bool>& wanted) {
  if (!wanted.has_value()) return SwitchChange::kKeep;
  return *wanted ? SwitchChange::kOn : SwitchChange::kOff;
}

StopScope ToCore(const oracle::StopScope& scope) {
  return {.kind = static_cast<StopKind>(static_cast<int>(scope.kind) + 1),
          .id = scope.id,
          .app = ActorName(scope.app)};
}

template <typename Request>
StopRecord ToStop(StopAction action, const Request& request) {
  StopRecord record;
  record.action = action;
  record.intent = ToIntent(request.idempotency_key);
  record.actor = ActorName(request.identity);
  record.scope = ToCore(request.scope);
  return record;
}

MinorLimits ToCore(const oracle::MinorLimits& limits) {
  return {.single_max = Money(limits.single_max), .day_limit = Money(limits.day_limit)};
}

Age ToAge(const std::optional<oracle::BirthDate>& birth_date, oracle::AgeBand band) {
  Age age;
  age.band = static_cast<AgeBand>(band);
  if (birth_date.has_value()) {
    age.birth_date = {.year = static_cast<int16_t>(birth_date->year),
                      .month = static_cast<int8_t>(birth_date->month),
                      .day = static_cast<int8_t>(birth_date->day)};
  }
  return age;
}

}  // namespace

Policy ToCore(const oracle::Policy& policy) {
  Policy core;
  core.currency = "CNY";
  core.time_zone = policy.time_zone;
  core.gift_price_max = Money(policy.gift_price_max);
  core.tip_max = Money(policy.tip_max);
  core.day_limit = Money(policy.day_limit);
  core.month_limit = Money(policy.month_limit);
  core.reminder_permille.assign(policy.reminder_permille.begin(), policy.reminder_permille.end());
  core.facts_max_age_ms = policy.facts_max_age_ms.value_or(0);
  for (const oracle::TierPolicy& tier : policy.tiers) {
    core.tiers.push_back({.name = TierName(tier.name),
                          .session_received_max = Money(tier.session_received_max),
                          .session_duration_max_ms = tier.session_duration_max_ms,
                          .sessions_per_day_max = static_cast<int32_t>(tier.sessions_per_day_max),
                          .session_interval_ms = tier.session_interval_ms,
                          .settle_delay_ms = tier.settle_delay_ms});
  }
  for (const oracle::SettleDelayClass& delay : policy.settle_delays) {
    core.settle_delays.push_back(
        {.min_amount = Money(delay.min_amount), .settle_delay_ms = delay.settle_delay_ms});
  }
  for (const auto& [name, limits] : policy.payer_tiers) {
    core.payer_tiers.push_back({.name = TierName(name), .limits = ToCore(limits)});
  }
  core.confirmation = {.day_permille = policy.confirm.day_permille,
                       .month_permille = policy.confirm.month_permille,
                       .is_strict = policy.confirm.strict_crossing};
  if (policy.cooling_off.has_value()) core.cooling_off = ToCore(*policy.cooling_off);
  core.raise_delay_ms = policy.raise_delay_ms;
  core.sanctions = {.mute_factor = static_cast<int32_t>(policy.mute_factor),
                    .recovery_months = policy.recovery_months};
  core.tip_life = {.hold_ms = policy.tip_hold_ttl_ms,
                   .remorse_ms = policy.remorse_window_ms,
                   .void_restores_headroom = policy.void_restores_headroom,
                   .streamer_permille = static_cast<int16_t>(policy.shares.streamer_permille),
                   .agency_permille = static_cast<int16_t>(policy.shares.agency_permille)};
  core.tier_change_at_once = policy.tier_change_at_once;
  core.wallet = policy.wallet_managed ? WalletMode::kManaged : WalletMode::kExternal;
  core.recharge_single_max = Money(policy.recharge.single_max);
  core.recharge_day_limit = Money(policy.recharge.day_limit);
  core.recharge_month_limit = Money(policy.recharge.month_limit);
  core.recharge_hold_ms = policy.recharge.hold_ms;
  if (policy.minors.profile == oracle::MinorProfile::kTiered2026) {
    core.minor_profile = MinorProfile::kTiered2026;
    core.limits_8_to_15 = ToCore(policy.minors.age_8_to_15);
    core.limits_16_to_17 = ToCore(policy.minors.age_16_to_17);
  }
  return core;
}

GiftCatalogPtr ToCore(const std::vector<oracle::Gift>& gifts) {
  std::vector<Gift> core;
  for (const oracle::Gift& gift : gifts) {
    core.push_back({.id = GiftId(gift.gift_id),
                    .name = {},
                    .unit_price = Money(gift.unit_price),
                    .is_enabled = !gift.is_disabled});
  }
  return std::make_shared<const GiftCatalog>(std::move(core));
}

Intent ToIntent(const std::string& key, std::optional<int64_t> create_time_ms) {
  return {.caller = CallerId{},
          .key = IdempotencyKey(key),
          .create_time_ms = create_time_ms.value_or(0)};
}

TipRequest ToCore(const oracle::TipRequest& request) {
  return {.intent = ToIntent(request.idempotency_key, request.create_time_ms),
          .app = ActorName(request.app),
          .payer = PayerId(request.payer_id),
          .streamer = StreamerId(request.streamer_id),
          .session = SessionId(request.session_id),
          .gift = GiftId(request.gift_id),
          .unit_price = Money(request.unit_price),
          .count = static_cast<int32_t>(request.count),
          .is_hold = request.hold,
          .hold_ms = request.hold_ttl_ms.value_or(0)};
}

RechargeRequest ToCore(const oracle::AuthorizeRechargeRequest& request) {
  return {.intent = ToIntent(request.idempotency_key, request.create_time_ms),
          .app = ActorName(request.app),
          .payer = PayerId(request.payer_id),
          .amount = Money(request.amount),
          .hold_ms = request.hold_ms.value_or(0)};
}

RechargeChange ToCore(const oracle::CaptureRechargeRequest& request) {
  return {.intent = ToIntent(request.idempotency_key),
          .action = RechargeAction::kCapture,
          .recharge = RecordId(request.recharge_id)};
}

RechargeChange ToCore(const oracle::VoidRechargeRequest& request) {
  return {.intent = ToIntent(request.idempotency_key),
          .action = RechargeAction::kVoid,
          .recharge = RecordId(request.recharge_id)};
}

RechargeRefundRequest ToCore(const oracle::RefundRechargeRequest& request) {
  return {
      .intent = ToIntent(request.idempotency_key),
      .recharge = RecordId(request.recharge_id),
      .actor = {},
      .amount = Money(request.amount),
      .note = {.case_name = CaseName(request.case_reference), .reason = ReasonText(request.reason)},
      .looked_up = {}};
}

PayerRecord ToCore(const oracle::PutPayerRequest& request) {
  const oracle::PayerFacts& facts = request.facts;
  PayerRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.is_verified = facts.real_name_verified;
  record.age = ToAge(facts.birth_date, facts.age_band);
  record.has_guardian_consent = facts.guardian_consent;
  record.has_youth_mode = facts.youth_mode;
  record.tier = TierName(facts.payer_tier);
  record.guardian = ToCore(facts.guardian);
  record.risk = ToCore(facts.risk);
  record.requested_observe_time_ms = facts.observe_time_ms.value_or(0);
  return record;
}

StreamerRecord ToCore(const oracle::PutStreamerRequest& request) {
  const oracle::StreamerFacts& facts = request.facts;
  StreamerRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.streamer = StreamerId(request.streamer_id);
  record.is_verified = facts.real_name_verified;
  record.age = ToAge(facts.birth_date, facts.age_band);
  record.has_guardian_consent = facts.guardian_consent;
  record.tier = TierName(facts.tier);
  record.agency = AgencyId(facts.agency_id);
  record.payer = PayerId(facts.payer_id);
  record.requested_observe_time_ms = facts.observe_time_ms.value_or(0);
  return record;
}

PauseRecord ToCore(const oracle::PausePayerRequest& request) {
  PauseRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.duration_ms = request.duration_ms;
  return record;
}

SelfLimitsRecord ToCore(const oracle::SetSelfLimitsRequest& request) {
  SelfLimitsRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.tip_max_change = ToCore(request.tip_max);
  record.day_limit_change = ToCore(request.day);
  record.month_limit_change = ToCore(request.month);
  record.token = ToToken(request.confirmation_token);
  return record;
}

PreferencesRecord ToCore(const oracle::SetPreferencesRequest& request) {
  PreferencesRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.reminders_change = ToSwitch(request.reminders);
  record.public_display_change = ToSwitch(request.public_display);
  record.token = ToToken(request.confirmation_token);
  return record;
}

ConfirmationRecord ToCore(const oracle::StartConfirmationRequest& request) {
  ConfirmationRecord record;
  record.action = ConfirmationAction::kStart;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.scope = ToScope(request.scope, request.period);
  return record;
}

ConfirmationRecord ToCore(const oracle::CompleteConfirmationRequest& request) {
  ConfirmationRecord record;
  record.action = ConfirmationAction::kComplete;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.scope = ToScope(request.scope, request.period);
  record.token = ToToken(request.token);
  record.proof = ProofName(request.proof_reference);
  return record;
}

CoolingOffRecord ToCore(const oracle::StartCoolingOffRequest& request) {
  CoolingOffRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.actor = ActorName(request.identity);
  record.payer = PayerId(request.payer_id);
  record.duration_ms = request.duration_ms;
  return record;
}

PayerFreezeRecord ToCore(const oracle::FreezePayerRequest& request) {
  PayerFreezeRecord record;
  record.action = FreezeAction::kFreeze;
  record.intent = ToIntent(request.idempotency_key);
  record.actor = ActorName(request.identity);
  record.payer = PayerId(request.payer_id);
  record.case_name = CaseName(request.case_reference);
  return record;
}

PayerFreezeRecord ToCore(const oracle::UnfreezePayerRequest& request) {
  PayerFreezeRecord record;
  record.action = FreezeAction::kUnfreeze;
  record.intent = ToIntent(request.idempotency_key);
  record.actor = ActorName(request.identity);
  record.payer = PayerId(request.payer_id);
  record.case_name = CaseName(request.case_reference);
  return record;
}

StopRecord ToCore(const oracle::EmergencyStopRequest& request) {
  return ToStop(StopAction::kStop, request);
}

StopRecord ToCore(const oracle::LiftStopRequest& request) {
  return ToStop(StopAction::kLift, request);
}

SanctionRecord ToCore(const oracle::SanctionStreamerRequest& request) {
  SanctionRecord record;
  record.action = SanctionAction::kSanction;
  record.intent = ToIntent(request.idempotency_key);
  record.actor = ActorName("ops-1");
  record.streamer = StreamerId(request.streamer_id);
  record.kind = static_cast<SanctionKind>(static_cast<int>(request.kind) + 1);
  record.until_ms = request.until_ms;
  record.mute_ms = request.mute_duration_ms;
  record.is_violation = request.is_violation;
  record.reason = ReasonText(request.reason);
  record.case_name = CaseName(request.case_reference);
  return record;
}

SanctionRecord ToCore(const oracle::LiftSanctionRequest& request) {
  SanctionRecord record;
  record.action = SanctionAction::kLift;
  record.intent = ToIntent(request.idempotency_key);
  record.actor = ActorName("ops-1");
  record.streamer = StreamerId(request.streamer_id);
  record.lifted = RecordId(request.sanction_id);
  return record;
}

SessionRequest ToCore(const oracle::OpenSessionRequest& request) {
  return {.intent = ToIntent(request.idempotency_key),
          .session = SessionId(request.session_id),
          .streamer = StreamerId(request.streamer_id)};
}

CloseRequest ToCore(const oracle::CloseSessionRequest& request) {
  return {.intent = ToIntent(request.idempotency_key), .session = SessionId(request.session_id)};
}

ConfirmationToken ToToken(int64_t number) {
  return number == 0 ? ConfirmationToken() : ConfirmationToken(absl::StrCat(number));
}

}  // namespace tipgate::differ

#include "tests/differ/gate_conversion.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "absl/types/span.h"
#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"

namespace tipgate::differ {
namespace {

// What the core says by 0 the oracle says by nothing.
std::optional<int64_t> Told(int64_t value) {
  return value == 0 ? std::nullopt : std::optional<int64_t>(value);
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

oracle::Violations ToOracle(absl::Span<const Violation> violations) {
  oracle::Violations out;
  for (const Violation& violation : violations) {
    out.push_back({.code = static_cast<oracle::Code>(violation.code),
                   .origin = static_cast<oracle::LimitOrigin>(violation.origin),
                   .limit = violation.limit,
                   .used = violation.used,
                   .requested = violation.requested,
                   .retry_time_ms = Told(violation.retry_time_ms)});
  }
  return out;
}

oracle::Usage UsageOf(const Limit& limit, Money used, int64_t reset_time_ms) {
  return {.limit = limit.amount.minor(),
          .origin = static_cast<oracle::LimitOrigin>(limit.origin),
          .used = used.minor(),
          .left = std::max(limit.amount - used, Money()).minor(),
          .reset_time_ms = reset_time_ms};
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
          .payer = PayerId(request.payer_id),
          .streamer = StreamerId(request.streamer_id),
          .session = SessionId(request.session_id),
          .gift = GiftId(request.gift_id),
          .unit_price = Money(request.unit_price),
          .count = static_cast<int32_t>(request.count)};
}

RechargeRequest ToCore(const oracle::AuthorizeRechargeRequest& request) {
  return {.intent = ToIntent(request.idempotency_key, request.create_time_ms),
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

PayerRecord ToCore(const oracle::PutPayerRequest& request) {
  const oracle::PayerFacts& facts = request.facts;
  PayerRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.payer = PayerId(request.payer_id);
  record.is_verified = facts.real_name_verified;
  record.age = ToAge(facts.birth_date, facts.age_band);
  record.has_guardian_consent = facts.guardian_consent;
  record.has_youth_mode = facts.youth_mode;
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

SessionRequest ToCore(const oracle::OpenSessionRequest& request) {
  return {.intent = ToIntent(request.idempotency_key),
          .session = SessionId(request.session_id),
          .streamer = StreamerId(request.streamer_id)};
}

CloseRequest ToCore(const oracle::CloseSessionRequest& request) {
  return {.intent = ToIntent(request.idempotency_key), .session = SessionId(request.session_id)};
}

oracle::ErrorReason ToOracle(const RequestError& error) {
  return static_cast<oracle::ErrorReason>(error.reason);
}

void Fill(const RecordPlace& place, oracle::TipResult* result) {
  const auto& tip = std::get<TipRecord>(place.record);
  result->tip_id = place.id.value();
  result->outcome = static_cast<oracle::Outcome>(tip.outcome);
  result->violations = ToOracle(place.entry.View(tip.violations));
  result->amount = tip.request.amount().minor();
  result->amount_max = tip.amount_max.minor();
  result->count_max = tip.count_max;
  result->day_total = tip.day_total.minor();
  result->day_left = tip.day_left.minor();
  result->month_total = tip.month_total.minor();
  result->month_left = tip.month_left.minor();
  for (const Reminder& reminder : place.entry.View(tip.reminders)) {
    result->reminders.push_back(
        {.period = static_cast<oracle::Period>(reminder.period), .permille = reminder.permille});
  }
  if (tip.outcome == Outcome::kAccepted) {
    result->settle_time_ms = place.entry.moment.time_ms + tip.settle_delay_ms;
  }
  result->retry_time_ms = Told(tip.retry_time_ms);
  result->decide_time_ms = place.entry.moment.time_ms;
  result->policy_version = tip.policy_version;
}

void Fill(const RecordPlace& place, oracle::RechargeResult* result) {
  const auto& recharge = std::get<RechargeRecord>(place.record);
  result->recharge_id = (recharge.recharge.is_set() ? recharge.recharge : place.id).value();
  result->outcome = static_cast<oracle::Outcome>(recharge.outcome);
  result->violations = ToOracle(place.entry.View(recharge.violations));
  result->amount = recharge.amount.minor();
  result->amount_max = recharge.amount_max.minor();
  result->day_total = recharge.day_total.minor();
  result->day_left = recharge.day_left.minor();
  result->month_total = recharge.month_total.minor();
  result->month_left = recharge.month_left.minor();
  result->state = static_cast<oracle::RechargeState>(recharge.state);
  if (recharge.state == RechargeState::kHeld) result->expire_time_ms = recharge.expire_time_ms;
  result->retry_time_ms = Told(recharge.retry_time_ms);
  result->return_money =
      recharge.action == RechargeAction::kCapture && recharge.outcome == Outcome::kRejected;
  result->decide_time_ms = place.entry.moment.time_ms;
  result->policy_version = recharge.policy_version;
}

void Fill(const RecordPlace& place, oracle::OpenSessionResult* result) {
  const auto& session = std::get<SessionRecord>(place.record);
  result->outcome = static_cast<oracle::Outcome>(session.outcome);
  result->violations = ToOracle(place.entry.View(session.violations));
  result->max_end_time_ms = session.max_end_time_ms;
  result->received_max = session.received_max.minor();
  result->retry_time_ms = Told(session.retry_time_ms);
  result->policy_version = session.policy_version;
}

void Fill(const RecordPlace& place, oracle::PausePayerResult* result) {
  result->pause_end_ms = std::get<PauseRecord>(place.record).end_time_ms;
}

void Fill(const RecordPlace&, oracle::ChangeResult*) {}

oracle::PayerView ViewOf(const Payer& payer, const Policy& policy, const Moment& now) {
  const MinorLimits* const minor = LimitsOfMinor(&payer, policy, now);
  oracle::PayerView view;
  view.tip_max = policy.tip_max.minor();
  view.tip_max_origin = oracle::LimitOrigin::kPolicy;
  view.tip_day =
      UsageOf(EffectiveDayLimit(policy.day_limit, minor), payer.tips.DayTotal(now), now.day_end_ms);
  view.tip_month =
      UsageOf({.amount = policy.month_limit}, payer.tips.MonthTotal(now), now.month_end_ms);
  view.recharge_day = UsageOf(EffectiveDayLimit(policy.recharge_day_limit, minor),
                              payer.recharges.DayTotal(now), now.day_end_ms);
  view.recharge_month = UsageOf({.amount = policy.recharge_month_limit},
                                payer.recharges.MonthTotal(now), now.month_end_ms);
  if (payer.pause_end_ms > now.time_ms) view.pause_end_ms = payer.pause_end_ms;
  return view;
}

oracle::StreamerView ViewOf(const Streamer& streamer, const Moment& now) {
  return {.pending = streamer.pending.minor(),
          .settled = streamer.settled.minor(),
          .open_session_id = streamer.open_session.value(),
          .sessions_today = streamer.SessionsToday(now.day)};
}

oracle::SessionView ViewOf(const Session& session, const Policy& policy) {
  const Tier* const tier = policy.FindTier(session.tier);
  return {.max_end_time_ms = session.max_end_time_ms,
          .close_time_ms = Told(session.close_time_ms),
          .received = session.received.minor(),
          .received_max = tier == nullptr ? 0 : tier->session_received_max.minor()};
}

oracle::Totals ViewOf(const Totals& totals) {
  return {.tips_accepted = totals.tips_accepted_count,
          .tips_rejected = totals.tips_rejected_count,
          .accepted = totals.accepted.minor(),
          .pending = totals.pending.minor(),
          .settled = totals.settled.minor(),
          .reminders = totals.reminders_count,
          .recharge_authorized = totals.recharge_authorized.minor(),
          .recharge_held = totals.recharge_held.minor(),
          .recharge_captured = totals.recharge_captured.minor(),
          .recharge_voided = totals.recharge_voided.minor(),
          .recharge_expired = totals.recharge_expired.minor()};
}

}  // namespace tipgate::differ

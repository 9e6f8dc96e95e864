#include "tests/differ/gate_answers.h"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/rules/confirmation_gate.h"
#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"

namespace tipgate::differ {
namespace {

// What the core says by 0 the oracle says by nothing.
std::optional<int64_t> ToldBalance(Money balance) {
  return balance == kNoBalance ? std::nullopt : std::optional<int64_t>(balance.minor());
}

std::optional<int64_t> Told(int64_t value) {
  return value == 0 ? std::nullopt : std::optional<int64_t>(value);
}

std::optional<int64_t> ToLimit(Money limit) {
  return limit == kNoLimit ? std::nullopt : std::optional<int64_t>(limit.minor());
}

// As the server tells it.
oracle::SelfLimitView ViewOf(const SelfLimit& limit, int64_t now_ms) {
  oracle::SelfLimitView view{.limit = ToLimit(limit.At(now_ms))};
  if (limit.raise_time_ms == 0 || limit.is_raised(now_ms)) return view;
  view.raise_time_ms = limit.raise_time_ms;
  view.raised_limit = ToLimit(limit.raised);
  return view;
}

std::optional<oracle::GateView> GateOf(const Limit& limit, int32_t permille, bool is_passed) {
  if (permille == 0) return std::nullopt;
  const ConfirmationGate gate = {.limit = limit, .permille = permille};
  return oracle::GateView{.threshold = gate.threshold().minor(), .is_passed = is_passed};
}

oracle::StopScope ToOracle(const StopScope& scope) {
  return {.kind = static_cast<oracle::StopKind>(static_cast<int>(scope.kind) - 1),
          .app = std::string(scope.app.view()),
          .id = scope.id};
}

// Of a time until which a streamer is suspended; nothing for good.
std::optional<int64_t> ToSuspendedEnd(int64_t until_ms) {
  return until_ms == kNeverMs ? std::nullopt : std::optional<int64_t>(until_ms);
}

oracle::Usage UsageOf(const Limit& limit, Money used, int64_t reset_time_ms) {
  return {.limit = limit.amount.minor(),
          .origin = static_cast<oracle::LimitOrigin>(limit.origin),
          .used = used.minor(),
          .left = std::max(limit.amount - used, Money()).minor(),
          .reset_time_ms = reset_time_ms};
}

}  // namespace

oracle::ErrorReason ToOracle(const RequestError& error) {
  return static_cast<oracle::ErrorReason>(error.reason);
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
  result->expire_time_ms = Told(tip.expire_time_ms);
  if (tip.is_accepted() && !tip.is_held()) {
    result->settle_time_ms = place.entry.moment.time_ms + tip.terms.settle_delay_ms;
  }
  result->retry_time_ms = Told(tip.retry_time_ms);
  result->cooling_off_end_ms = Told(tip.cooling_off_end_ms);
  result->balance = ToldBalance(tip.balance);
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
  result->balance = ToldBalance(recharge.balance);
  if (recharge.after.count != 0) {
    result->refunded = place.entry.View(recharge.after).front().refunded.minor();
  }
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

void Fill(const RecordPlace& place, oracle::SelfLimitsResult* result) {
  const auto& limits = std::get<SelfLimitsRecord>(place.record);
  const int64_t time_ms = place.entry.moment.time_ms;
  result->outcome = static_cast<oracle::Outcome>(limits.outcome);
  result->violations = ToOracle(place.entry.View(limits.violations));
  result->tip_max = ViewOf(limits.tip_max, time_ms);
  result->day = ViewOf(limits.day_limit, time_ms);
  result->month = ViewOf(limits.month_limit, time_ms);
}

void Fill(const RecordPlace& place, oracle::PreferencesResult* result) {
  const auto& preferences = std::get<PreferencesRecord>(place.record);
  result->outcome = static_cast<oracle::Outcome>(preferences.outcome);
  result->violations = ToOracle(place.entry.View(preferences.violations));
  result->reminders_are_on = !preferences.has_reminders_off;
  result->public_display = preferences.allows_public_display;
}

void Fill(const RecordPlace& place, oracle::ConfirmationResult* result) {
  const auto& confirmation = std::get<ConfirmationRecord>(place.record);
  result->outcome = static_cast<oracle::Outcome>(confirmation.outcome);
  result->refusal = static_cast<oracle::ConfirmationRefusal>(confirmation.refusal);
  TIPGATE_CHECK(absl::SimpleAtoi(confirmation.token.view(), &result->token));
  result->attempts_left = confirmation.attempts_left;
  result->expire_time_ms = Told(confirmation.expire_time_ms);
}

void Fill(const RecordPlace& place, oracle::CoolingOffResult* result) {
  result->cooling_off_end_ms = std::get<CoolingOffRecord>(place.record).end_time_ms;
}

void Fill(const RecordPlace& place, oracle::FreezeResult* result) {
  const auto& freeze = std::get<PayerFreezeRecord>(place.record);
  result->is_frozen = freeze.is_frozen;
  result->first_identity = std::string(freeze.first_approver.view());
}

void Fill(const RecordPlace& place, oracle::StopResult* result) {
  const auto& stop = std::get<StopRecord>(place.record);
  result->is_stopped = stop.is_stopped;
  result->start_ms = stop.start_time_ms;
  result->first_identity = std::string(stop.first_approver.view());
}

void Fill(const RecordPlace& place, oracle::SanctionResult* result) {
  const auto& sanction = std::get<SanctionRecord>(place.record);
  result->end_ms = Told(sanction.end_time_ms);
  result->is_suspended = sanction.suspended_until_ms != 0;
  if (!result->is_suspended) return;
  result->suspended_end_ms = ToSuspendedEnd(sanction.suspended_until_ms);
}

void Fill(const RecordPlace&, oracle::ChangeResult*) {}

oracle::PayerView ViewOf(const Payer& payer, const PayerControls& controls, const Policy& policy,
                         const Moment& now) {
  const MinorLimits* const minor = LimitsOfMinor(&payer, policy, now);
  const TipLimits limits = EffectiveLimits(policy, &controls, now.time_ms);
  const Limit day_limit = WithMinor(limits.day_limit, minor);
  const Limit tip_max = minor == nullptr
                            ? limits.tip_max
                            : limits.tip_max.AtMost(minor->single_max, LimitOrigin::kAgeBand);
  oracle::PayerView view;
  view.tip_max = tip_max.amount.minor();
  view.tip_max_origin = static_cast<oracle::LimitOrigin>(tip_max.origin);
  view.tip_day = UsageOf(day_limit, payer.tips.DayTotal(now), now.day_end_ms);
  view.tip_month = UsageOf(limits.month_limit, payer.tips.MonthTotal(now), now.month_end_ms);
  view.recharge_day = UsageOf(WithMinor({.amount = policy.recharge_day_limit}, minor),
                              payer.recharges.DayTotal(now), now.day_end_ms);
  view.recharge_month = UsageOf({.amount = policy.recharge_month_limit},
                                payer.recharges.MonthTotal(now), now.month_end_ms);
  if (payer.pause_end_ms > now.time_ms) view.pause_end_ms = payer.pause_end_ms;
  if (controls.cooling_off_end_ms > now.time_ms) {
    view.cooling_off_end_ms = controls.cooling_off_end_ms;
  }
  view.balance = payer.balance.minor();
  view.reminders_are_on = !controls.has_reminders_off;
  view.public_display = controls.allows_public_display;
  for (const PayerFreeze& freeze : controls.freezes) {
    absl::StrAppend(&view.freezes, freeze.case_name.view(), ":", freeze.unfreeze_approver.view(),
                    " ");
  }
  view.self_tip_max = ViewOf(controls.tip_max, now.time_ms);
  view.self_day = ViewOf(controls.day_limit, now.time_ms);
  view.self_month = ViewOf(controls.month_limit, now.time_ms);
  view.day_gate =
      GateOf(day_limit, policy.confirmation.day_permille, controls.confirmed_day == now.day);
  view.month_gate = GateOf(limits.month_limit, policy.confirmation.month_permille,
                           controls.confirmed_month == now.month);
  return view;
}

oracle::StreamerView ViewOf(const Streamer& streamer, const std::vector<Sanction>& sanctions,
                            const Moment& now) {
  oracle::StreamerView view{.pending = streamer.tips.pending.minor(),
                            .frozen = streamer.tips.frozen.minor(),
                            .settled = streamer.tips.settled.minor(),
                            .income = streamer.income.minor(),
                            .receivable = streamer.receivable.minor(),
                            .open_session_id = streamer.open_session.value(),
                            .sessions_today = streamer.SessionsToday(now.day)};
  for (const Sanction& sanction : sanctions) view.sanctions.push_back(sanction.id.value());
  view.is_suspended = now.time_ms < streamer.suspended_until_ms;
  if (!view.is_suspended) return view;
  view.suspended_end_ms = ToSuspendedEnd(streamer.suspended_until_ms);
  return view;
}

oracle::StopsView ViewOf(const std::vector<Stop>& stops) {
  oracle::StopsView view;
  for (const Stop& stop : stops) {
    view.stops.push_back({.scope = ToOracle(stop.scope),
                          .start_ms = stop.start_time_ms,
                          .identity = std::string(stop.actor.view()),
                          .first_identity = std::string(stop.lift_approver.view())});
  }
  return view;
}

oracle::SessionView ViewOf(const Session& session, const TierName& of_streamer,
                           const Policy& policy) {
  const Tier* const tier = policy.FindTier(TierNameOf(session, of_streamer, policy));
  return {.max_end_time_ms = MaxEndTimeMs(session, tier, policy),
          .close_time_ms = Told(session.close_time_ms),
          .received = session.received.minor(),
          .received_max = tier == nullptr ? 0 : tier->session_received_max.minor()};
}

oracle::Totals ViewOf(const Totals& totals) {
  return {.tips_accepted = totals.tips_accepted_count,
          .tips_rejected = totals.tips_rejected_count,
          .accepted = totals.accepted.minor(),
          .held = totals.tips.held.minor(),
          .pending = totals.tips.pending.minor(),
          .frozen = totals.tips.frozen.minor(),
          .settled = totals.tips.settled.minor(),
          .voided = totals.tips.voided.minor(),
          .refunded = totals.tips.refunded.minor(),
          .reminders = totals.reminders_count,
          .recharge_authorized = totals.recharge_authorized.minor(),
          .recharge_held = totals.recharge_held.minor(),
          .recharge_captured = totals.recharge_captured.minor(),
          .recharge_voided = totals.recharge_voided.minor(),
          .recharge_expired = totals.recharge_expired.minor(),
          .recharge_refunded = totals.recharge_refunded.minor(),
          .balances = totals.balances.minor()};
}

}  // namespace tipgate::differ

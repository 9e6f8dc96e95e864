// Rules.md 4 and 9: self-set limits, reminders, confirmations.
#include "tests/oracle/invariant.h"
#include "tests/oracle/limits.h"
#include "tests/oracle/oracle.h"

namespace tipgate::oracle {
namespace {

constexpr int64_t kLimitMax = 1'000'000'000'000'000;
constexpr int64_t kTokenLifeMs = 5 * kMinuteMs;
constexpr int kAttemptsMax = 5;

bool IsWellFormed(const std::optional<LimitChange>& change) {
  if (change && change->withdraws_raise && change->limit) return false;
  return !change || !change->limit || (*change->limit >= 0 && *change->limit <= kLimitMax);
}

bool IsRaise(const SelfLimit& limit, const std::optional<LimitChange>& change, int64_t now_ms) {
  if (!change || change->withdraws_raise) return false;
  const std::optional<int64_t> present = SelfLimitAt(limit, now_ms);
  return present && (!change->limit || *change->limit > *present);
}

// B2, B3, B4. Lowering works at once; raising and removing wait. Either way what waited before is
// gone.
void Change(SelfLimit& limit, const std::optional<LimitChange>& change, int64_t now_ms,
            int64_t raise_delay_ms) {
  if (!change) return;
  const std::optional<int64_t> present = SelfLimitAt(limit, now_ms);
  if (change->withdraws_raise) {
    limit = {present, std::nullopt};
  } else if (IsRaise(limit, change, now_ms)) {
    limit = {present, WaitingRaise{change->limit, now_ms + raise_delay_ms}};
  } else {
    limit = {change->limit, std::nullopt};
  }
}

SelfLimitsResult ResultOf(const SelfLimits& self, int64_t now_ms, Outcome outcome) {
  return {.outcome = outcome,
          .tip_max = ViewOf(self.tip_max, now_ms),
          .day = ViewOf(self.day, now_ms),
          .month = ViewOf(self.month, now_ms)};
}

// The period of a gate, and no period of anything else.
bool PeriodFits(ConfirmationScope scope, Period period) {
  return (scope == ConfirmationScope::kGate) == (period != Period::kNone);
}

}  // namespace

SelfLimitsResult Oracle::SetSelfLimits(int64_t now_ms, const SetSelfLimitsRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && IsWellFormed(request.tip_max) &&
                              IsWellFormed(request.day) && IsWellFormed(request.month);
  return Once<SelfLimitsResult>(request, is_well_formed, [&]() -> SelfLimitsResult {
    const auto payer = world_.payers.find(request.payer_id);
    if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    SelfLimits& self = payer->second.self;
    const bool raises = IsRaise(self.tip_max, request.tip_max, now_ms) ||
                        IsRaise(self.day, request.day, now_ms) ||
                        IsRaise(self.month, request.month, now_ms);
    if (raises && !UseConfirmation(now_ms, request.payer_id, ConfirmationScope::kRaiseLimits,
                                   request.confirmation_token)) {
      SelfLimitsResult refused = ResultOf(self, now_ms, Outcome::kRejected);
      refused.violations.push_back({.code = Code::kConfirmationRequired});
      return refused;
    }
    const int64_t delay_ms = world_.policy->raise_delay_ms;
    Change(self.tip_max, request.tip_max, now_ms, delay_ms);
    Change(self.day, request.day, now_ms, delay_ms);
    Change(self.month, request.month, now_ms, delay_ms);
    return ResultOf(self, now_ms, Outcome::kAccepted);
  });
}

SelfLimitsResult Oracle::WithdrawSelfLimits(int64_t now_ms,
                                            const WithdrawSelfLimitsRequest& request) {
  Advance(now_ms);
  return Once<SelfLimitsResult>(request, request.payer_id > 0, [&]() -> SelfLimitsResult {
    const auto payer = world_.payers.find(request.payer_id);
    if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    SelfLimits& self = payer->second.self;
    for (SelfLimit* limit : {&self.tip_max, &self.day, &self.month}) {
      *limit = {SelfLimitAt(*limit, now_ms), std::nullopt};
    }
    return ResultOf(self, now_ms, Outcome::kAccepted);
  });
}

// Rules W4, P3: all or nothing. Who has them off already confirms nothing.
PreferencesResult Oracle::SetPreferences(int64_t now_ms, const SetPreferencesRequest& request) {
  Advance(now_ms);
  const bool is_well_formed =
      request.payer_id > 0 && (request.reminders.has_value() || request.public_display.has_value());
  return Once<PreferencesResult>(request, is_well_formed, [&]() -> PreferencesResult {
    const auto found = world_.payers.find(request.payer_id);
    if (found == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    Payer& payer = found->second;
    const bool goes_off = payer.reminders_are_on && request.reminders == false;
    PreferencesResult result{.outcome = Outcome::kAccepted};
    if (goes_off && !UseConfirmation(now_ms, request.payer_id, ConfirmationScope::kRemindersOff,
                                     request.confirmation_token)) {
      result.outcome = Outcome::kRejected;
      result.violations = {{.code = Code::kConfirmationRequired}};
    } else {
      payer.reminders_are_on = request.reminders.value_or(payer.reminders_are_on);
      payer.public_display = request.public_display.value_or(payer.public_display);
    }
    result.reminders_are_on = payer.reminders_are_on;
    result.public_display = payer.public_display;
    return result;
  });
}

ConfirmationResult Oracle::StartConfirmation(int64_t now_ms,
                                             const StartConfirmationRequest& request,
                                             int64_t token) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && PeriodFits(request.scope, request.period);
  return Once<ConfirmationResult>(request, is_well_formed, [&]() -> ConfirmationResult {
    if (!world_.payers.contains(request.payer_id)) return {.error = ErrorReason::kNotFound};
    Require(token > 0, "a token is given");
    const Confirmation confirmation = {.token = token,
                                       .day = world_.calendar->DayAt(now_ms),
                                       .month = world_.calendar->MonthAt(now_ms),
                                       .policy_version = world_.policy->version,
                                       .expire_time_ms = now_ms + kTokenLifeMs,
                                       .attempts_left = kAttemptsMax};
    world_.confirmations[{request.payer_id, request.scope, request.period}] = confirmation;
    return {.outcome = Outcome::kAccepted,
            .token = token,
            .attempts_left = kAttemptsMax,
            .expire_time_ms = confirmation.expire_time_ms};
  });
}

ConfirmationResult Oracle::CompleteConfirmation(int64_t now_ms,
                                                const CompleteConfirmationRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.token > 0 && request.payer_id > 0 &&
                              PeriodFits(request.scope, request.period) &&
                              !request.proof_reference.empty();
  return Once<ConfirmationResult>(request, is_well_formed, [&]() -> ConfirmationResult {
    if (!world_.payers.contains(request.payer_id)) return {.error = ErrorReason::kNotFound};
    const ConfirmationRefusal refusal = WhyRefused(now_ms, request);
    if (refusal != ConfirmationRefusal::kNone) return RefuseConfirmation(request, refusal);
    const ConfirmationKey key = {request.payer_id, request.scope, request.period};
    if (request.scope == ConfirmationScope::kGate) {
      world_.confirmations.erase(key);
      world_.passed_gates.push_back({request.payer_id, request.period,
                                     world_.calendar->DayAt(now_ms),
                                     world_.calendar->MonthAt(now_ms)});
    } else {
      world_.confirmations.at(key).is_completed = true;
    }
    return {.outcome = Outcome::kAccepted, .token = request.token};
  });
}

// K3, K4.
ConfirmationRefusal Oracle::WhyRefused(int64_t now_ms,
                                       const CompleteConfirmationRequest& request) const {
  const auto found = world_.confirmations.find({request.payer_id, request.scope, request.period});
  if (found == world_.confirmations.end() || found->second.is_completed) {
    return ConfirmationRefusal::kNotStarted;
  }
  const Confirmation& confirmation = found->second;
  if (confirmation.token != request.token) return ConfirmationRefusal::kWrongToken;
  if (now_ms >= confirmation.expire_time_ms) return ConfirmationRefusal::kExpired;
  const bool is_other_day = confirmation.day != world_.calendar->DayAt(now_ms);
  const bool is_other_month = confirmation.month != world_.calendar->MonthAt(now_ms);
  if ((request.period == Period::kDay && is_other_day) ||
      (request.period == Period::kMonth && is_other_month)) {
    return ConfirmationRefusal::kOtherPeriod;
  }
  const bool is_of_policy = confirmation.policy_version == world_.policy->version;
  return is_of_policy ? ConfirmationRefusal::kNone : ConfirmationRefusal::kPolicyChanged;
}

ConfirmationResult Oracle::RefuseConfirmation(const CompleteConfirmationRequest& request,
                                              ConfirmationRefusal refusal) {
  ConfirmationResult result{
      .outcome = Outcome::kRejected, .refusal = refusal, .token = request.token};
  if (refusal == ConfirmationRefusal::kNotStarted) return result;
  const auto found = world_.confirmations.find({request.payer_id, request.scope, request.period});
  result.attempts_left = --found->second.attempts_left;
  if (result.attempts_left == 0) world_.confirmations.erase(found);
  return result;
}

bool Oracle::UseConfirmation(int64_t now_ms, int64_t payer_id, ConfirmationScope scope,
                             int64_t token) {
  const auto found = world_.confirmations.find({payer_id, scope, Period::kNone});
  if (found == world_.confirmations.end()) return false;
  const Confirmation& confirmation = found->second;
  const bool fits = confirmation.is_completed && confirmation.token == token &&
                    now_ms < confirmation.expire_time_ms &&
                    confirmation.policy_version == world_.policy->version;
  if (fits) world_.confirmations.erase(found);
  return fits;
}

}  // namespace tipgate::oracle

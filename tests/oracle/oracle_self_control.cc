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
  return !change || !change->limit || (*change->limit >= 0 && *change->limit <= kLimitMax);
}

bool IsRaise(const SelfLimit& limit, const std::optional<LimitChange>& change, int64_t now_ms) {
  if (!change) return false;
  const std::optional<int64_t> present = SelfLimitAt(limit, now_ms);
  return present && (!change->limit || *change->limit > *present);
}

// Lowering works at once; raising and removing wait. Either way what waited before is gone.
void Change(SelfLimit& limit, const std::optional<LimitChange>& change, int64_t now_ms,
            int64_t raise_delay_ms) {
  if (!change) return;
  const std::optional<int64_t> present = SelfLimitAt(limit, now_ms);
  if (IsRaise(limit, change, now_ms)) {
    limit = {present, WaitingRaise{change->limit, now_ms + raise_delay_ms}};
  } else {
    limit = {change->limit, std::nullopt};
  }
}

// The period of a gate, and no period of anything else.
bool PeriodFits(ConfirmationScope scope, Period period) {
  return (scope == ConfirmationScope::kGate) == (period != Period::kNone);
}

}  // namespace

ChangeResult Oracle::SetSelfLimits(int64_t now_ms, const SetSelfLimitsRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && IsWellFormed(request.tip_max) &&
                              IsWellFormed(request.day) && IsWellFormed(request.month);
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    const auto payer = world_.payers.find(request.payer_id);
    if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    SelfLimits& self = payer->second.self;
    const bool raises = IsRaise(self.tip_max, request.tip_max, now_ms) ||
                        IsRaise(self.day, request.day, now_ms) ||
                        IsRaise(self.month, request.month, now_ms);
    if (raises && !UseConfirmation(request.payer_id, ConfirmationScope::kRaiseLimits,
                                   request.confirmation_token)) {
      return {.error = ErrorReason::kWrongState};
    }
    const int64_t delay_ms = world_.policy->raise_delay_ms;
    Change(self.tip_max, request.tip_max, now_ms, delay_ms);
    Change(self.day, request.day, now_ms, delay_ms);
    Change(self.month, request.month, now_ms, delay_ms);
    return {};
  });
}

ChangeResult Oracle::WithdrawSelfLimits(int64_t now_ms, const WithdrawSelfLimitsRequest& request) {
  Advance(now_ms);
  return Once<ChangeResult>(request, request.payer_id > 0, [&]() -> ChangeResult {
    const auto payer = world_.payers.find(request.payer_id);
    if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    SelfLimits& self = payer->second.self;
    for (SelfLimit* limit : {&self.tip_max, &self.day, &self.month}) {
      *limit = {SelfLimitAt(*limit, now_ms), std::nullopt};
    }
    return {};
  });
}

ChangeResult Oracle::SetReminders(int64_t now_ms, const SetRemindersRequest& request) {
  Advance(now_ms);
  return Once<ChangeResult>(request, request.payer_id > 0, [&]() -> ChangeResult {
    const auto payer = world_.payers.find(request.payer_id);
    if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    if (!request.is_on && !UseConfirmation(request.payer_id, ConfirmationScope::kRemindersOff,
                                           request.confirmation_token)) {
      return {.error = ErrorReason::kWrongState};
    }
    payer->second.reminders_are_on = request.is_on;
    return {};
  });
}

ChangeResult Oracle::StartConfirmation(int64_t now_ms, const StartConfirmationRequest& request,
                                       int64_t token) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && PeriodFits(request.scope, request.period);
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    if (!world_.payers.contains(request.payer_id)) return {.error = ErrorReason::kNotFound};
    Require(token > 0 && !world_.confirmations.contains(token), "a token is given once");
    world_.confirmations[token] = {.request = request,
                                   .day = world_.calendar->DayAt(now_ms),
                                   .month = world_.calendar->MonthAt(now_ms),
                                   .policy_version = world_.policy->version,
                                   .expire_time_ms = now_ms + kTokenLifeMs};
    return {};
  });
}

ChangeResult Oracle::CompleteConfirmation(int64_t now_ms,
                                          const CompleteConfirmationRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.token > 0 && request.payer_id > 0 &&
                              PeriodFits(request.scope, request.period) &&
                              !request.proof_reference.empty();
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    const auto found = world_.confirmations.find(request.token);
    if (found == world_.confirmations.end()) return {.error = ErrorReason::kNotFound};
    Confirmation& confirmation = found->second;
    const absl::CivilDay today = world_.calendar->DayAt(now_ms);
    const absl::CivilMonth this_month = world_.calendar->MonthAt(now_ms);
    const bool is_same_period =
        (request.period != Period::kDay || confirmation.day == today) &&
        (request.period != Period::kMonth || confirmation.month == this_month);
    const bool fits = confirmation.request.payer_id == request.payer_id &&
                      confirmation.request.scope == request.scope &&
                      confirmation.request.period == request.period && is_same_period &&
                      confirmation.policy_version == world_.policy->version;
    const bool is_alive = !confirmation.is_completed && now_ms < confirmation.expire_time_ms &&
                          confirmation.failed_attempts < kAttemptsMax;
    if (!fits || !is_alive) {
      ++confirmation.failed_attempts;
      return {.error = ErrorReason::kWrongState};
    }
    confirmation.is_completed = true;
    if (request.scope == ConfirmationScope::kGate) {
      world_.passed_gates.push_back({request.payer_id, request.period, today, this_month});
    }
    return {};
  });
}

bool Oracle::UseConfirmation(int64_t payer_id, ConfirmationScope scope, int64_t token) {
  const auto found = world_.confirmations.find(token);
  if (found == world_.confirmations.end()) return false;
  Confirmation& confirmation = found->second;
  const bool fits = confirmation.request.payer_id == payer_id &&
                    confirmation.request.scope == scope && confirmation.is_completed &&
                    !confirmation.is_used;
  if (fits) confirmation.is_used = true;
  return fits;
}

}  // namespace tipgate::oracle

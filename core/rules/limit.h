#pragma once

#include "core/decision.h"
#include "core/money.h"
#include "core/policy.h"

namespace tipgate {

// A limit and where it comes from.
struct Limit {
  Money amount;
  LimitOrigin origin = LimitOrigin::kPolicy;
};

// A day limit of the policy, or that of a minor if it is lower; `minor` may be null.
inline Limit EffectiveDayLimit(Money day_limit, const MinorLimits* minor) {
  if (minor == nullptr || minor->day_limit >= day_limit) return {.amount = day_limit};
  return {.amount = minor->day_limit, .origin = LimitOrigin::kAgeBand};
}

// True if used + amount > limit; then `violation` says so. Reaching the limit exactly is allowed.
// Cannot overflow: what is used was accepted under a limit, and amounts of requests have a range
// (core/money.h).
inline bool IsAboveLimit(Money limit, LimitOrigin origin, Money used, Money amount,
                         Violation* violation) {
  if (used + amount <= limit) return false;
  violation->origin = origin;
  violation->limit = limit.minor();
  violation->used = used.minor();
  violation->requested = amount.minor();
  return true;
}

// The same for a limit of a period: time alone cures it at `period_end_ms`, if the amount fits an
// unused period.
inline bool IsAbovePeriodLimit(const Limit& limit, Money used, Money amount, int64_t period_end_ms,
                               Violation* violation) {
  if (!IsAboveLimit(limit.amount, limit.origin, used, amount, violation)) return false;
  if (amount <= limit.amount) violation->retry_time_ms = period_end_ms;
  return true;
}

}  // namespace tipgate

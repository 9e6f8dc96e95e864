#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/decision.h"
#include "core/money.h"
#include "core/payer_controls.h"
#include "core/policy.h"

namespace tipgate {

// A limit and where it comes from.
struct Limit {
  Money amount;
  LimitOrigin origin = LimitOrigin::kPolicy;

  // The lower of the two; of equal ones this.
  Limit AtMost(Money other, LimitOrigin other_origin) const {
    return other < amount ? Limit{.amount = other, .origin = other_origin} : *this;
  }
};

// The limits of a payer's tips that are in force.
struct TipLimits {
  Limit tip_max;
  Limit day_limit;
  Limit month_limit;
};

// Rule B1: the smallest of policy, tier of the payer, self-set, guardian-set and risk-set limit, as
// they are at `time_ms`; of equal ones the first of these. `controls` may be null.
TipLimits EffectiveLimits(const Policy& policy, const PayerControls* controls, int64_t time_ms);

// A day limit, or that of a minor if it is lower; `minor` may be null.
inline Limit WithMinor(const Limit& day_limit, const MinorLimits* minor) {
  if (minor == nullptr) return day_limit;
  return day_limit.AtMost(minor->day_limit, LimitOrigin::kAgeBand);
}

// True if used + amount > limit; then `violation` says so. Reaching the limit exactly is allowed.
// Cannot overflow: what is used was accepted under a limit, and amounts of requests have a range
// (core/money.h).
inline bool IsAboveLimit(const Limit& limit, Money used, Money amount, Violation* violation) {
  if (used + amount <= limit.amount) return false;
  violation->origin = limit.origin;
  violation->limit = limit.amount.minor();
  violation->used = used.minor();
  violation->requested = amount.minor();
  return true;
}

// The same for a limit of a period that nobody changes: time alone cures it at `period_end_ms`, if
// the amount fits an unused period.
inline bool IsAbovePeriodLimit(const Limit& limit, Money used, Money amount, int64_t period_end_ms,
                               Violation* violation) {
  if (!IsAboveLimit(limit, used, amount, violation)) return false;
  if (amount <= limit.amount) violation->retry_time_ms = period_end_ms;
  return true;
}

// The first moment at which time alone makes `passes` true of a payer's limits; 0 if there is none.
// These change when a raise comes into force, and what counts against them when the period ends
// (period_end_ms; 0: they are of no period): passes(limits, is_period_over).
template <typename Predicate>
int64_t FirstTimeThat(const Policy& policy, const PayerControls* controls, int64_t now_ms,
                      int64_t period_end_ms, Predicate passes) {
  std::array<int64_t, 4> times_ms = {period_end_ms, 0, 0, 0};
  if (controls != nullptr) {
    times_ms[1] = controls->tip_max.raise_time_ms;
    times_ms[2] = controls->day_limit.raise_time_ms;
    times_ms[3] = controls->month_limit.raise_time_ms;
  }
  std::sort(times_ms.begin(), times_ms.end());
  for (const int64_t time_ms : times_ms) {
    if (time_ms <= now_ms) continue;
    const bool is_period_over = period_end_ms != 0 && time_ms >= period_end_ms;
    if (passes(EffectiveLimits(policy, controls, time_ms), is_period_over)) return time_ms;
  }
  return 0;
}

}  // namespace tipgate

#pragma once

#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"

namespace tipgate {

// The rules about who pays: the same for tips (TipContext) and recharges (RechargeContext).

// T2, R2. A birthday is not offered as a retry time.
template <typename Context>
bool MinorBlocked(const Context& context, Violation*) {
  return context.minor_limits == nullptr && IsMinor(context.payer, context.now);
}

// T2, R2, of minors who may pay: above the limits of their band.
template <typename Context>
bool MinorLimit(const Context& context, Violation* violation) {
  const MinorLimits* const limits = context.minor_limits;
  return limits != nullptr &&
         (IsAboveLimit({.amount = limits->single_max, .origin = LimitOrigin::kAgeBand}, Money(),
                       context.amount, violation) ||
          IsAbovePeriodLimit({.amount = limits->day_limit, .origin = LimitOrigin::kAgeBand},
                             context.day_total, context.amount, context.now.day_end_ms, violation));
}

// T3, R3
template <typename Context>
bool YouthMode(const Context& context, Violation*) {
  return context.payer != nullptr && context.payer->has_youth_mode;
}

// T4, R4
template <typename Context>
bool RealNameRequired(const Context& context, Violation*) {
  return !IsVerified(context.payer, context.policy, context.now);
}

// T5, R5
template <typename Context>
bool PayerFrozen(const Context& context, Violation*) {
  return context.controls != nullptr && context.controls->is_frozen();
}

// T6, R6
template <typename Context>
bool PayerPaused(const Context& context, Violation* violation) {
  if (context.payer == nullptr || context.now.time_ms >= context.payer->pause_end_ms) return false;
  violation->retry_time_ms = context.payer->pause_end_ms;
  return true;
}

}  // namespace tipgate

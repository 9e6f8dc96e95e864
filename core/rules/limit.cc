#include "core/rules/limit.h"

namespace tipgate {
namespace {

void Lower(const PayerLimits& limits, LimitOrigin origin, TipLimits* effective) {
  effective->tip_max = effective->tip_max.AtMost(limits.tip_max, origin);
  effective->day_limit = effective->day_limit.AtMost(limits.day_limit, origin);
  effective->month_limit = effective->month_limit.AtMost(limits.month_limit, origin);
}

}  // namespace

TipLimits EffectiveLimits(const Policy& policy, const PayerControls* controls, int64_t time_ms) {
  TipLimits effective{.tip_max = {.amount = policy.tip_max},
                      .day_limit = {.amount = policy.day_limit},
                      .month_limit = {.amount = policy.month_limit}};
  if (controls == nullptr) return effective;
  const PayerTier* const tier = policy.FindPayerTier(controls->tier);
  if (tier != nullptr) Lower(tier->limits, LimitOrigin::kPayerTier, &effective);
  Lower({.tip_max = controls->tip_max.At(time_ms),
         .day_limit = controls->day_limit.At(time_ms),
         .month_limit = controls->month_limit.At(time_ms)},
        LimitOrigin::kSelf, &effective);
  Lower(controls->guardian, LimitOrigin::kGuardian, &effective);
  Lower(controls->risk, LimitOrigin::kRisk, &effective);
  return effective;
}

}  // namespace tipgate

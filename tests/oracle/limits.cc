#include "tests/oracle/limits.h"

#include <algorithm>

#include "tests/oracle/facts.h"

namespace tipgate::oracle {
namespace {

void Lower(EffectiveLimit& effective, std::optional<int64_t> amount, LimitOrigin origin) {
  if (amount && *amount < effective.amount) effective = {*amount, origin};
}

EffectiveLimit WithBand(const World& world, int64_t now_ms, int64_t payer_id,
                        EffectiveLimit effective) {
  const std::optional<MinorLimits> band = BandLimits(world, now_ms, payer_id);
  if (band) Lower(effective, band->day_limit, LimitOrigin::kAgeBand);
  return effective;
}

}  // namespace

EffectiveLimit TipMax(const World& world, int64_t, int64_t) {
  return {world.policy->tip_max, LimitOrigin::kPolicy};
}

EffectiveLimit DayLimit(const World& world, int64_t, int64_t) {
  return {world.policy->day_limit, LimitOrigin::kPolicy};
}

EffectiveLimit MonthLimit(const World& world, int64_t, int64_t) {
  return {world.policy->month_limit, LimitOrigin::kPolicy};
}

EffectiveLimit DayLimitWithBand(const World& world, int64_t now_ms, int64_t payer_id) {
  return WithBand(world, now_ms, payer_id, DayLimit(world, now_ms, payer_id));
}

EffectiveLimit RechargeDayLimitWithBand(const World& world, int64_t now_ms, int64_t payer_id) {
  return WithBand(world, now_ms, payer_id,
                  {world.policy->recharge.day_limit, LimitOrigin::kPolicy});
}

int64_t LeftOf(int64_t limit, int64_t used) { return std::max<int64_t>(0, limit - used); }

}  // namespace tipgate::oracle

#include "tests/oracle/limits.h"

#include <algorithm>

#include "tests/oracle/facts.h"

namespace tipgate::oracle {
namespace {

void Lower(EffectiveLimit& effective, std::optional<int64_t> amount, LimitOrigin origin) {
  if (amount && *amount < effective.amount) effective = {*amount, origin};
}

// The same kind of limit, as each of those who may set it keeps it.
EffectiveLimit Smallest(const World& world, int64_t now_ms, int64_t payer_id, int64_t policy_limit,
                        std::optional<int64_t> Limits::*of_limits, SelfLimit SelfLimits::*of_self) {
  EffectiveLimit effective{policy_limit, LimitOrigin::kPolicy};
  const auto found = world.payers.find(payer_id);
  if (found == world.payers.end()) return effective;
  const Payer& payer = found->second;
  const auto tier = world.policy->payer_tiers.find(payer.facts.payer_tier);
  if (tier != world.policy->payer_tiers.end()) {
    Lower(effective, tier->second.*of_limits, LimitOrigin::kPayerTier);
  }
  Lower(effective, SelfLimitAt(payer.self.*of_self, now_ms), LimitOrigin::kSelf);
  Lower(effective, payer.facts.guardian.*of_limits, LimitOrigin::kGuardian);
  Lower(effective, payer.facts.risk.*of_limits, LimitOrigin::kRisk);
  return effective;
}

EffectiveLimit WithBand(const World& world, int64_t age_time_ms, int64_t payer_id,
                        EffectiveLimit effective) {
  const std::optional<MinorLimits> band = BandLimits(world, age_time_ms, payer_id);
  if (band) Lower(effective, band->day_limit, LimitOrigin::kAgeBand);
  return effective;
}

}  // namespace

EffectiveLimit TipMax(const World& world, int64_t now_ms, int64_t payer_id) {
  return Smallest(world, now_ms, payer_id, world.policy->tip_max, &Limits::tip_max,
                  &SelfLimits::tip_max);
}

EffectiveLimit DayLimit(const World& world, int64_t now_ms, int64_t payer_id) {
  return Smallest(world, now_ms, payer_id, world.policy->day_limit, &Limits::day, &SelfLimits::day);
}

EffectiveLimit MonthLimit(const World& world, int64_t now_ms, int64_t payer_id) {
  return Smallest(world, now_ms, payer_id, world.policy->month_limit, &Limits::month,
                  &SelfLimits::month);
}

EffectiveLimit TipMaxWithBand(const World& world, int64_t now_ms, int64_t payer_id) {
  EffectiveLimit effective = TipMax(world, now_ms, payer_id);
  const std::optional<MinorLimits> band = BandLimits(world, now_ms, payer_id);
  if (band) Lower(effective, band->single_max, LimitOrigin::kAgeBand);
  return effective;
}

EffectiveLimit DayLimitWithBand(const World& world, int64_t now_ms, int64_t payer_id,
                                std::optional<int64_t> age_time_ms) {
  return WithBand(world, age_time_ms.value_or(now_ms), payer_id, DayLimit(world, now_ms, payer_id));
}

EffectiveLimit RechargeDayLimitWithBand(const World& world, int64_t now_ms, int64_t payer_id) {
  return WithBand(world, now_ms, payer_id,
                  {world.policy->recharge.day_limit, LimitOrigin::kPolicy});
}

std::vector<int64_t> RaiseTimes(const World& world, int64_t payer_id) {
  std::vector<int64_t> times_ms;
  const auto payer = world.payers.find(payer_id);
  if (payer == world.payers.end()) return times_ms;
  const SelfLimits& self = payer->second.self;
  for (const SelfLimit& limit : {self.tip_max, self.day, self.month}) {
    if (limit.waiting) times_ms.push_back(limit.waiting->effective_time_ms);
  }
  return times_ms;
}

std::optional<int64_t> SelfLimitAt(const SelfLimit& limit, int64_t now_ms) {
  if (limit.waiting && now_ms >= limit.waiting->effective_time_ms) return limit.waiting->limit;
  return limit.limit;
}

SelfLimitView ViewOf(const SelfLimit& limit, int64_t now_ms) {
  SelfLimitView view{.limit = SelfLimitAt(limit, now_ms)};
  if (!limit.waiting || now_ms >= limit.waiting->effective_time_ms) return view;
  view.raise_time_ms = limit.waiting->effective_time_ms;
  view.raised_limit = limit.waiting->limit;
  return view;
}

int64_t LeftOf(int64_t limit, int64_t used) { return std::max<int64_t>(0, limit - used); }

}  // namespace tipgate::oracle

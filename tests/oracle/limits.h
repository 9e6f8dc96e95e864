// B1. Effective limits: the smallest that applies, and whose it is. Of equal ones the first in the
// order of LimitOrigin.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/oracle/results.h"
#include "tests/oracle/world.h"

namespace tipgate::oracle {

struct EffectiveLimit {
  int64_t amount = 0;
  LimitOrigin origin = LimitOrigin::kNone;
};

// T14, T16, T17. What minors of an age band may pay is T2's matter and not in these.
EffectiveLimit TipMax(const World& world, int64_t now_ms, int64_t payer_id);
EffectiveLimit DayLimit(const World& world, int64_t now_ms, int64_t payer_id);
EffectiveLimit MonthLimit(const World& world, int64_t now_ms, int64_t payer_id);

// The same with the limits of the payer's age band: what reminders, *_left, usage and gates speak
// of. The age may be that of another time.
EffectiveLimit TipMaxWithBand(const World& world, int64_t now_ms, int64_t payer_id);
EffectiveLimit DayLimitWithBand(const World& world, int64_t now_ms, int64_t payer_id,
                                std::optional<int64_t> age_time_ms = std::nullopt);

// Of recharges, with the limit of the payer's age band.
EffectiveLimit RechargeDayLimitWithBand(const World& world, int64_t now_ms, int64_t payer_id);

// What the payer's waiting raises change, and when: the limits are others from these times on.
std::vector<int64_t> RaiseTimes(const World& world, int64_t payer_id);

// B2, B3. The payer's own limit at that time.
std::optional<int64_t> SelfLimitAt(const SelfLimit& limit, int64_t now_ms);

// The same, and the raise that still waits then.
SelfLimitView ViewOf(const SelfLimit& limit, int64_t now_ms);

// What is left of a limit, never negative.
int64_t LeftOf(int64_t limit, int64_t used);

}  // namespace tipgate::oracle

// The rules about who pays, which tips and recharges share: T2, T3, T4, T6.
#pragma once

#include <cstdint>
#include <functional>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// What the payer has used of the day in which the time lies: tips and recharges count apart.
using DayTotalAt = std::function<int64_t(int64_t time_ms)>;

// T2, R2. The payer is under 18, and the profile does not let this amount through.
void MinorBlocked(const World& world, int64_t now_ms, int64_t payer_id, int64_t amount,
                  const DayTotalAt& day_total_at, Violations& violations);

// T3, R3. Youth mode is on.
void YouthMode(const World& world, int64_t payer_id, Violations& violations);

// T4, R4. Unknown, not verified, of unknown age, or known by facts that are too old.
void RealNameRequired(const World& world, int64_t now_ms, int64_t payer_id, Violations& violations);

// T6, R6. Paused, until an end.
void PayerPaused(const World& world, int64_t now_ms, int64_t payer_id, Violations& violations);

}  // namespace tipgate::oracle

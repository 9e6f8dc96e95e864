// T18: at a part of the day or month limit the payer must confirm before going on (rules.md 4).
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// One violation for each gate that stands in the way: day, then month.
void ConfirmationRequired(const World& world, int64_t now_ms, const TipQuestion& question,
                          Violations& violations);

// K1. The gate's amount, rounded up to a whole one.
int64_t GateThreshold(int64_t limit, int permille);

// K2. True once the payer has confirmed in the period that runs.
bool GateIsPassed(const World& world, int64_t now_ms, int64_t payer_id, Period period);

}  // namespace tipgate::oracle

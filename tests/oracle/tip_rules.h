// The rules about tips, in the order in which they report (rules.md 2).
#pragma once

#include <cstdint>
#include <vector>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// Every rule that refuses this tip at this moment.
Violations TipViolations(const World& world, int64_t now_ms, const TipQuestion& question);

// The largest amount that would pass.
int64_t TipAmountMax(const World& world, int64_t now_ms, TipQuestion question);

// When the same tip would pass.
std::optional<int64_t> TipRetryTime(const World& world, int64_t now_ms, TipQuestion question);

// The thresholds that this tip, not counted yet, takes the payer's totals to: day before month,
// ascending.
std::vector<Reminder> RemindersOf(const World& world, int64_t now_ms, const TipQuestion& question);

}  // namespace tipgate::oracle

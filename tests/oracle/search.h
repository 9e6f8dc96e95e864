// amount_max and retry_time by asking the rules again: with other amounts, and at other times.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tests/oracle/codes.h"

namespace tipgate::oracle {

// The largest amount of 1 .. amount_max that passes, or 0. What passes must pass with less, too.
int64_t LargestPassing(int64_t amount_max, const std::function<bool(int64_t)>& passes);

// The first of these times, of those after now, at which the rule does not refuse any more.
std::optional<int64_t> FirstCure(int64_t now_ms, std::vector<int64_t> times_ms,
                                 const std::function<bool(int64_t)>& refuses_at);

// When the same request passes if nothing else changes. None if it passes now, or if time does not
// cure it. Each violation's own retry_time is the earliest moment without that violation, so
// nothing passes before the latest of them; what the rules say then decides whether it does at that
// moment, later, or never.
std::optional<int64_t> RetryTime(int64_t now_ms,
                                 const std::function<Violations(int64_t)>& violations_at);

}  // namespace tipgate::oracle

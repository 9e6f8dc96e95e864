// The rules about opening a session, in the order in which they report (rules.md 8).
#pragma once

#include <cstdint>
#include <optional>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

Violations SessionViolations(const World& world, int64_t now_ms, int64_t streamer_id);
std::optional<int64_t> SessionRetryTime(const World& world, int64_t now_ms, int64_t streamer_id);

// Sessions that the streamer has opened on the local day in which the time lies.
int64_t SessionsOnDay(const World& world, int64_t now_ms, int64_t streamer_id);

// The streamer's session that is not closed, or 0.
int64_t OpenSessionOf(const World& world, int64_t streamer_id);

}  // namespace tipgate::oracle

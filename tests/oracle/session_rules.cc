#include "tests/oracle/session_rules.h"

#include <algorithm>

#include "tests/oracle/control_rules.h"
#include "tests/oracle/facts.h"
#include "tests/oracle/search.h"

namespace tipgate::oracle {
namespace {

// S4
void SessionCountLimit(const World& world, int64_t now_ms, int64_t streamer_id,
                       const TierPolicy& tier, Violations& violations) {
  const auto refuses_at = [&](int64_t time_ms) {
    return SessionsOnDay(world, time_ms, streamer_id) >= tier.sessions_per_day_max;
  };
  if (!refuses_at(now_ms)) return;
  violations.push_back(
      {.code = Code::kSessionCountLimit,
       .origin = LimitOrigin::kTier,
       .limit = tier.sessions_per_day_max,
       .used = SessionsOnDay(world, now_ms, streamer_id),
       .requested = 1,
       .retry_time_ms = FirstCure(now_ms, {world.calendar->NextDayStart(now_ms)}, refuses_at)});
}

std::optional<int64_t> LastEnd(const World& world, int64_t streamer_id) {
  std::optional<int64_t> last_ms;
  for (const auto& [session_id, session] : world.sessions) {
    if (session.streamer_id != streamer_id || !session.close_time_ms) continue;
    last_ms = std::max(last_ms.value_or(*session.close_time_ms), *session.close_time_ms);
  }
  return last_ms;
}

// S5
void SessionInterval(const World& world, int64_t now_ms, int64_t streamer_id,
                     const TierPolicy& tier, Violations& violations) {
  const std::optional<int64_t> last_end_ms = LastEnd(world, streamer_id);
  if (!last_end_ms || now_ms >= *last_end_ms + tier.session_interval_ms) return;
  violations.push_back(
      {.code = Code::kSessionInterval, .retry_time_ms = *last_end_ms + tier.session_interval_ms});
}

}  // namespace

int64_t SessionsOnDay(const World& world, int64_t now_ms, int64_t streamer_id) {
  const absl::CivilDay today = world.calendar->DayAt(now_ms);
  int64_t count = 0;
  for (const auto& [session_id, session] : world.sessions) {
    if (session.streamer_id == streamer_id && session.open_day == today) ++count;
  }
  return count;
}

int64_t OpenSessionOf(const World& world, int64_t streamer_id) {
  for (const auto& [session_id, session] : world.sessions) {
    if (session.streamer_id == streamer_id && !session.close_time_ms) return session_id;
  }
  return 0;
}

Violations SessionViolations(const World& world, int64_t now_ms, int64_t streamer_id) {
  Violations violations;
  const TierPolicy* tier = TierOf(world, streamer_id);
  if (tier == nullptr || !StreamerIsAvailable(world, now_ms, streamer_id)) {
    violations.push_back({.code = Code::kStreamerUnavailable});  // S1
  }
  StreamerSuspended(world, now_ms, streamer_id, violations);
  if (OpenSessionOf(world, streamer_id) != 0) {
    violations.push_back({.code = Code::kSessionAlreadyOpen});  // S3
  }
  if (tier == nullptr) return violations;
  SessionCountLimit(world, now_ms, streamer_id, *tier, violations);
  SessionInterval(world, now_ms, streamer_id, *tier, violations);
  return violations;
}

std::optional<int64_t> SessionRetryTime(const World& world, int64_t now_ms, int64_t streamer_id) {
  return RetryTime(now_ms,
                   [&](int64_t time_ms) { return SessionViolations(world, time_ms, streamer_id); });
}

}  // namespace tipgate::oracle

// Opening and closing sessions.
#include "tests/oracle/facts.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/session_rules.h"

namespace tipgate::oracle {

// S6, S7.
OpenSessionResult Oracle::OpenSession(int64_t now_ms, const OpenSessionRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.session_id > 0 && request.streamer_id > 0;
  return Once<OpenSessionResult>(request, is_well_formed, [&]() -> OpenSessionResult {
    if (world_.sessions.contains(request.session_id)) return {.error = ErrorReason::kIdTaken};
    OpenSessionResult result{
        .outcome = Outcome::kRejected,
        .violations = SessionViolations(world_, now_ms, request.streamer_id),
        .retry_time_ms = SessionRetryTime(world_, now_ms, request.streamer_id),
        .policy_version = world_.policy->version,
    };
    if (!result.violations.empty()) return result;
    const TierPolicy tier = *TierOf(world_, request.streamer_id);
    result.outcome = Outcome::kAccepted;
    result.max_end_time_ms = now_ms + tier.session_duration_max_ms;
    result.received_max = tier.session_received_max;
    world_.sessions[request.session_id] = {
        .streamer_id = request.streamer_id,
        .tier = tier,
        .open_time_ms = now_ms,
        .open_day = world_.calendar->DayAt(now_ms),
        .close_time_ms = std::nullopt,
    };
    return result;
  });
}

ChangeResult Oracle::CloseSession(int64_t now_ms, const CloseSessionRequest& request) {
  Advance(now_ms);
  return Once<ChangeResult>(request, request.session_id > 0, [&]() -> ChangeResult {
    const auto session = world_.sessions.find(request.session_id);
    if (session == world_.sessions.end() || SessionIsForgotten(session->second, now_ms)) {
      return {.error = ErrorReason::kNotFound};
    }
    if (session->second.close_time_ms) return {.error = ErrorReason::kWrongState};
    session->second.close_time_ms = now_ms;
    return {};
  });
}

}  // namespace tipgate::oracle

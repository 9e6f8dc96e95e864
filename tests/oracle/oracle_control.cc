// What ops and compliance do: stops, freezes, cooling-off by hand, sanctions.
#include <algorithm>

#include "tests/oracle/control_rules.h"
#include "tests/oracle/cooling_off.h"
#include "tests/oracle/invariant.h"
#include "tests/oracle/oracle.h"

namespace tipgate::oracle {
namespace {

bool IsWellFormed(const StopScope& scope) {
  switch (scope.kind) {
    case StopKind::kEverything:
      return scope.app.empty() && scope.id == 0;
    case StopKind::kApp:
      return !scope.app.empty() && scope.id == 0;
    case StopKind::kSession:
    case StopKind::kStreamer:
    case StopKind::kGift:
      return scope.app.empty() && scope.id > 0;
  }
  return false;
}

bool IsWellFormed(const SanctionStreamerRequest& request) {
  const bool mutes = request.kind == SanctionKind::kMute;
  return request.streamer_id > 0 && !request.reason.empty() && !request.case_reference.empty() &&
         (!mutes || request.mute_duration_ms > 0);
}

bool EndIsInTime(const SanctionStreamerRequest& request, int64_t now_ms) {
  constexpr int64_t kAheadMaxMs = 3'660 * kDayMs;
  return request.kind != SanctionKind::kSuspendReceiving ||
         (request.until_ms > now_ms && request.until_ms <= now_ms + kAheadMaxMs);
}

auto FindStop(std::vector<Stop>& stops, const StopScope& scope) {
  return std::find_if(stops.begin(), stops.end(),
                      [&](const Stop& stop) { return stop.scope == scope; });
}

using Freezes = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kFreezesMax = 4;

Freezes::iterator FreezeOf(Freezes& freezes, const std::string& case_reference) {
  return std::find_if(freezes.begin(), freezes.end(),
                      [&](const auto& freeze) { return freeze.first == case_reference; });
}

}  // namespace

StopResult Oracle::EmergencyStop(int64_t now_ms, const EmergencyStopRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = IsWellFormed(request.scope) && !request.identity.empty();
  return Once<StopResult>(request, is_well_formed, [&]() -> StopResult {
    auto found = FindStop(world_.stops, request.scope);
    if (found == world_.stops.end()) {
      world_.stops.push_back(
          {.scope = request.scope, .start_ms = now_ms, .identity = request.identity});
      found = world_.stops.end() - 1;
    }
    found->lift_identity.clear();
    return {.is_stopped = true, .start_ms = found->start_ms};
  });
}

// A3.
StopResult Oracle::LiftStop(int64_t now_ms, const LiftStopRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = IsWellFormed(request.scope) && !request.identity.empty();
  return Once<StopResult>(request, is_well_formed, [&]() -> StopResult {
    const auto found = FindStop(world_.stops, request.scope);
    if (found == world_.stops.end() || found->lift_identity == request.identity) {
      return {.error = ErrorReason::kWrongState};
    }
    const int64_t start_ms = found->start_ms;
    if (found->lift_identity.empty()) {
      found->lift_identity = request.identity;
      return {.is_stopped = true, .start_ms = start_ms, .first_identity = request.identity};
    }
    world_.stops.erase(found);
    return {.is_stopped = false, .start_ms = start_ms};
  });
}

FreezeResult Oracle::FreezePayer(int64_t now_ms, const FreezePayerRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && !request.case_reference.empty();
  return Once<FreezeResult>(request, is_well_formed, [&]() -> FreezeResult {
    const auto found = world_.payers.find(request.payer_id);
    if (found == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    auto& freezes = found->second.freezes;
    const auto freeze = FreezeOf(freezes, request.case_reference);
    if (freeze != freezes.end()) {
      freeze->second.clear();
    } else if (freezes.size() == kFreezesMax) {
      return {.error = ErrorReason::kCapacityReached};
    } else {
      freezes.push_back({request.case_reference, ""});
    }
    return {.is_frozen = true};
  });
}

// A1.
FreezeResult Oracle::UnfreezePayer(int64_t now_ms, const UnfreezePayerRequest& request) {
  Advance(now_ms);
  const bool is_well_formed =
      request.payer_id > 0 && !request.case_reference.empty() && !request.identity.empty();
  return Once<FreezeResult>(request, is_well_formed, [&]() -> FreezeResult {
    const auto found = world_.payers.find(request.payer_id);
    if (found == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    auto& freezes = found->second.freezes;
    const auto freeze = FreezeOf(freezes, request.case_reference);
    if (freeze == freezes.end() || freeze->second == request.identity) {
      return {.error = ErrorReason::kWrongState};
    }
    if (freeze->second.empty()) {
      freeze->second = request.identity;
      return {.is_frozen = true, .first_identity = request.identity};
    }
    freezes.erase(freeze);
    return {.is_frozen = !freezes.empty()};
  });
}

// O3.
CoolingOffResult Oracle::StartCoolingOff(int64_t now_ms, const StartCoolingOffRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && request.duration_ms > 0;
  return Once<CoolingOffResult>(request, is_well_formed, [&]() -> CoolingOffResult {
    if (!world_.payers.contains(request.payer_id)) return {.error = ErrorReason::kNotFound};
    world_.cooling_offs.push_back({request.payer_id, now_ms + request.duration_ms});
    return {.cooling_off_end_ms = *CoolingOffEnd(world_, now_ms, request.payer_id)};
  });
}

void Oracle::TellSuspension(int64_t now_ms, int64_t streamer_id, SanctionResult& result) const {
  Violations violations;
  StreamerSuspended(world_, now_ms, streamer_id, violations);
  result.is_suspended = !violations.empty();
  if (result.is_suspended) result.suspended_end_ms = violations.front().retry_time_ms;
}

// X1, X2.
SanctionResult Oracle::SanctionStreamer(int64_t now_ms, const SanctionStreamerRequest& request,
                                        int64_t sanction_id) {
  Advance(now_ms);
  return Once<SanctionResult>(request, IsWellFormed(request), [&]() -> SanctionResult {
    if (!world_.streamers.contains(request.streamer_id)) return {.error = ErrorReason::kNotFound};
    if (!EndIsInTime(request, now_ms)) return {.error = ErrorReason::kInvalidField};
    Require(!world_.sanctions.contains(sanction_id), "a sanction id is given once");
    Sanction sanction{.streamer_id = request.streamer_id,
                      .suspends_receiving = request.kind != SanctionKind::kWarn};
    if (request.kind == SanctionKind::kSuspendReceiving) sanction.end_ms = request.until_ms;
    if (request.kind == SanctionKind::kMute) {
      sanction.end_ms = now_ms + world_.policy->mute_factor * request.mute_duration_ms;
    }
    SanctionResult result{.end_ms = sanction.end_ms};
    if (sanction.end_ms && request.is_violation) {
      sanction.end_ms =
          world_.calendar->AddMonths(*sanction.end_ms, world_.policy->recovery_months);
    }
    world_.sanctions[sanction_id] = sanction;
    TellSuspension(now_ms, request.streamer_id, result);
    return result;
  });
}

// X3.
SanctionResult Oracle::LiftSanction(int64_t now_ms, const LiftSanctionRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.streamer_id > 0 && request.sanction_id > 0;
  return Once<SanctionResult>(request, is_well_formed, [&]() -> SanctionResult {
    if (!world_.streamers.contains(request.streamer_id)) return {.error = ErrorReason::kNotFound};
    const auto found = world_.sanctions.find(request.sanction_id);
    if (found == world_.sanctions.end() || found->second.streamer_id != request.streamer_id ||
        !IsInForce(found->second, now_ms)) {
      return {.error = ErrorReason::kWrongState};
    }
    found->second.is_lifted = true;
    SanctionResult result;
    TellSuspension(now_ms, request.streamer_id, result);
    return result;
  });
}

}  // namespace tipgate::oracle

// What ops and compliance do: stops, freezes, cooling-off by hand, sanctions.
#include <algorithm>

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

bool AreTwo(const std::string& first_identity, const std::string& second_identity) {
  return !first_identity.empty() && !second_identity.empty() && first_identity != second_identity;
}

bool IsWellFormed(const SanctionStreamerRequest& request, int64_t now_ms) {
  const bool suspends = request.kind == SanctionKind::kSuspendReceiving;
  const bool mutes = request.kind == SanctionKind::kMute;
  return request.streamer_id > 0 && !request.reason.empty() && !request.case_reference.empty() &&
         (!suspends || request.until_ms > now_ms) && (!mutes || request.mute_duration_ms > 0);
}

}  // namespace

ChangeResult Oracle::EmergencyStop(int64_t now_ms, const EmergencyStopRequest& request) {
  Advance(now_ms);
  return Once<ChangeResult>(request, IsWellFormed(request.scope), [&]() -> ChangeResult {
    auto& stops = world_.stops;
    if (std::find(stops.begin(), stops.end(), request.scope) == stops.end()) {
      stops.push_back(request.scope);
    }
    return {};
  });
}

ChangeResult Oracle::LiftStop(int64_t now_ms, const LiftStopRequest& request) {
  Advance(now_ms);
  const bool is_well_formed =
      IsWellFormed(request.scope) && AreTwo(request.first_identity, request.second_identity);
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    auto& stops = world_.stops;
    const auto found = std::find(stops.begin(), stops.end(), request.scope);
    if (found == stops.end()) return {.error = ErrorReason::kWrongState};
    stops.erase(found);
    return {};
  });
}

FreezeResult Oracle::FreezePayer(int64_t now_ms, const FreezePayerRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && !request.case_reference.empty();
  return Once<FreezeResult>(request, is_well_formed, [&]() -> FreezeResult {
    const auto found = world_.payers.find(request.payer_id);
    if (found == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    Payer& payer = found->second;
    payer.is_frozen = true;
    payer.freeze_case = request.case_reference;
    payer.unfreeze_identity.clear();
    return {.is_frozen = true};
  });
}

FreezeResult Oracle::UnfreezePayer(int64_t now_ms, const UnfreezePayerRequest& request) {
  Advance(now_ms);
  const bool is_well_formed =
      request.payer_id > 0 && !request.case_reference.empty() && !request.identity.empty();
  return Once<FreezeResult>(request, is_well_formed, [&]() -> FreezeResult {
    const auto found = world_.payers.find(request.payer_id);
    if (found == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    Payer& payer = found->second;
    if (!payer.is_frozen || payer.unfreeze_identity == request.identity) {
      return {.error = ErrorReason::kWrongState};
    }
    if (payer.unfreeze_identity.empty()) {
      payer.unfreeze_identity = request.identity;
      return {.is_frozen = true, .first_identity = request.identity};
    }
    payer.is_frozen = false;
    payer.freeze_case.clear();
    payer.unfreeze_identity.clear();
    return {.is_frozen = false};
  });
}

CoolingOffResult Oracle::StartCoolingOff(int64_t now_ms, const StartCoolingOffRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && request.duration_ms > 0;
  return Once<CoolingOffResult>(request, is_well_formed, [&]() -> CoolingOffResult {
    if (!world_.payers.contains(request.payer_id)) return {.error = ErrorReason::kNotFound};
    world_.cooling_offs.push_back({request.payer_id, now_ms + request.duration_ms});
    return {.cooling_off_end_ms = *CoolingOffEnd(world_, now_ms, request.payer_id)};
  });
}

ChangeResult Oracle::SanctionStreamer(int64_t now_ms, const SanctionStreamerRequest& request,
                                      int64_t sanction_id) {
  Advance(now_ms);
  return Once<ChangeResult>(request, IsWellFormed(request, now_ms), [&]() -> ChangeResult {
    if (!world_.streamers.contains(request.streamer_id)) return {.error = ErrorReason::kNotFound};
    Require(!world_.sanctions.contains(sanction_id), "a sanction id is given once");
    Sanction sanction{.streamer_id = request.streamer_id,
                      .suspends_receiving = request.kind != SanctionKind::kWarn};
    if (request.kind == SanctionKind::kSuspendReceiving) sanction.end_ms = request.until_ms;
    if (request.kind == SanctionKind::kMute) {
      sanction.end_ms = now_ms + world_.policy->mute_factor * request.mute_duration_ms;
    }
    if (sanction.end_ms && request.is_violation) {
      sanction.end_ms =
          world_.calendar->AddMonths(*sanction.end_ms, world_.policy->recovery_months);
    }
    world_.sanctions[sanction_id] = sanction;
    return {};
  });
}

ChangeResult Oracle::LiftSanction(int64_t now_ms, const LiftSanctionRequest& request) {
  Advance(now_ms);
  return Once<ChangeResult>(request, request.sanction_id > 0, [&]() -> ChangeResult {
    const auto found = world_.sanctions.find(request.sanction_id);
    if (found == world_.sanctions.end()) return {.error = ErrorReason::kNotFound};
    Sanction& sanction = found->second;
    const bool is_over = sanction.end_ms && now_ms >= *sanction.end_ms;
    if (sanction.is_lifted || is_over) return {.error = ErrorReason::kWrongState};
    sanction.is_lifted = true;
    return {};
  });
}

}  // namespace tipgate::oracle

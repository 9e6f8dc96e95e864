#include "core/decide_staff.h"

#include <algorithm>

namespace tipgate {
namespace {

// Of a streamer who has none: an empty list.
const StreamerSanctions& SanctionsOf(const State& state, StreamerId streamer) {
  static const StreamerSanctions* const kNone = new StreamerSanctions();
  const StreamerSanctions* const found = state.sanctions.Find(streamer);
  return found == nullptr ? *kNone : *found;
}

}  // namespace

// Rule A3: two people must agree to lift a stop.
StopRefusal WhyStopRefused(const State& state, const StopRecord& request) {
  if (request.action == StopAction::kStop) {
    return state.stops.IsFullFor(request.scope) ? StopRefusal::kFull : StopRefusal::kNone;
  }
  const Stop* const stop = state.stops.Find(request.scope);
  if (stop == nullptr) return StopRefusal::kNotStopped;
  return stop->lift_approver == request.actor ? StopRefusal::kSameApprover : StopRefusal::kNone;
}

StopRecord DecideStop(const State& state, const StopRecord& request, const Entry& entry) {
  const Stop* const stop = state.stops.Find(request.scope);
  StopRecord record = request;
  record.is_stopped = true;
  record.start_time_ms = stop == nullptr ? entry.moment.time_ms : stop->start_time_ms;
  record.first_approver = ActorName();
  if (request.action == StopAction::kStop) return record;
  if (stop->lift_approver.empty()) {
    record.first_approver = request.actor;
  } else {
    record.is_stopped = false;
  }
  return record;
}

SanctionRefusal WhySanctionRefused(const State& state, const SanctionRecord& request,
                                   const Entry& entry) {
  if (state.streamers.Find(request.streamer) == nullptr) return SanctionRefusal::kStreamerUnknown;
  const int64_t now_ms = entry.moment.time_ms;
  const StreamerSanctions& sanctions = SanctionsOf(state, request.streamer);
  if (request.action == SanctionAction::kLift) {
    const bool is_in_force = sanctions.FindInForce(request.lifted, now_ms) != nullptr;
    return is_in_force ? SanctionRefusal::kNone : SanctionRefusal::kNotInForce;
  }
  if (request.kind == SanctionKind::kSuspendReceiving) {
    if (request.until_ms <= now_ms) return SanctionRefusal::kUntilIsPast;
    if (request.until_ms > now_ms + kSuspensionMaxMs) return SanctionRefusal::kUntilIsFar;
  }
  const bool is_full = sanctions.CountInForce(now_ms) >= kSanctionsMax;
  return is_full ? SanctionRefusal::kFull : SanctionRefusal::kNone;
}

// Rule X1.
int64_t SanctionEndMs(const Policy& policy, const SanctionRecord& request, int64_t now_ms) {
  switch (request.kind) {
    case SanctionKind::kWarn:
    case SanctionKind::kBan:
      return 0;
    case SanctionKind::kSuspendReceiving:
      return request.until_ms;
    case SanctionKind::kMute:
      return now_ms + policy.sanctions.mute_factor * request.mute_ms;
  }
  return 0;
}

SanctionRecord DecideSanction(const State& state, const SanctionRecord& request,
                              const Entry& entry) {
  const int64_t now_ms = entry.moment.time_ms;
  const StreamerSanctions& sanctions = SanctionsOf(state, request.streamer);
  SanctionRecord record = request;
  record.suspended_until_ms = sanctions.SuspendedUntilMs(request.lifted, now_ms);
  record.end_time_ms = SanctionEndMs(*state.policy, request, now_ms);
  if (record.end_time_ms == 0) {
    record.resume_time_ms = request.kind == SanctionKind::kBan ? kNeverMs : 0;
  } else if (!request.is_violation) {
    record.resume_time_ms = record.end_time_ms;
  }
  record.suspended_until_ms = std::max(record.suspended_until_ms, record.resume_time_ms);
  return record;
}

}  // namespace tipgate

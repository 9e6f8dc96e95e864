// The draws about what staff do to stop money at once: emergency stops and sanctions.
#include <algorithm>

#include "tests/differ/call.h"
#include "tests/differ/generator.h"

namespace tipgate::differ {

using oracle::kDayMs;
using oracle::kHourMs;
using oracle::kMinuteMs;
using oracle::kSecondMs;

std::string Generator::DrawApp() { return random_.OneOf<const char*>({"", "", "web", "phone"}); }

oracle::StopScope Generator::DrawStopScope() {
  using oracle::StopKind;
  const StopKind kind = random_.OneOf({StopKind::kEverything, StopKind::kApp, StopKind::kApp,
                                       StopKind::kSession, StopKind::kStreamer, StopKind::kGift});
  switch (kind) {
    case StopKind::kEverything:
      return {.kind = kind};
    case StopKind::kApp:
      return {.kind = kind, .app = random_.OneOf<const char*>({"web", "phone"})};
    case StopKind::kSession:
      return {.kind = kind, .id = AnySession()};
    case StopKind::kStreamer:
      return {.kind = kind, .id = AnyStreamer()};
    case StopKind::kGift:
      break;
  }
  return {.kind = kind, .id = random_.OneOf(gifts_).gift_id};
}

OperationPtr Generator::DrawStop() {
  const bool is_again = !stops_.empty() && random_.Below(4) == 0;
  const oracle::StopScope scope = is_again ? random_.OneOf(stops_) : DrawStopScope();
  stops_.push_back(scope);
  return MakeCall("EmergencyStop", oracle::EmergencyStopRequest{
                                       .idempotency_key = NextKey(),
                                       .scope = scope,
                                       .identity = random_.OneOf<const char*>({"ann", "bob"})});
}

// Of the last ones mostly.
OperationPtr Generator::DrawLiftStop() {
  const auto size = static_cast<int64_t>(stops_.size());
  const int64_t back = size == 0 ? 0 : random_.Below(std::min<int64_t>(size, 5));
  const bool is_any = size == 0 || random_.Below(10) == 0;
  return MakeCall("LiftStop", oracle::LiftStopRequest{
                                  .idempotency_key = NextKey(),
                                  .scope = is_any ? DrawStopScope()
                                                  : stops_[static_cast<size_t>(size - 1 - back)],
                                  .identity = random_.OneOf<const char*>({"ann", "bob", "eve"})});
}

OperationPtr Generator::DrawSanction() {
  using oracle::SanctionKind;
  oracle::SanctionStreamerRequest request{
      .idempotency_key = NextKey(),
      .streamer_id = AnyStreamer(),
      .kind = random_.OneOf({SanctionKind::kWarn, SanctionKind::kSuspendReceiving,
                             SanctionKind::kSuspendReceiving, SanctionKind::kMute,
                             SanctionKind::kMute, SanctionKind::kBan}),
      .is_violation = random_.Below(4) == 0,
      .reason = "reason",
      .case_reference = random_.OneOf<const char*>({"case-1", "case-2"})};
  if (request.kind == SanctionKind::kSuspendReceiving) {
    const int64_t ahead_ms = random_.OneOf<int64_t>(
        {0, 1, kSecondMs, kMinuteMs, kHourMs, kDayMs, 31 * kDayMs, 3'660 * kDayMs});
    request.until_ms = std::max<int64_t>(1, now_ms_ + ahead_ms + random_.Edge());
  }
  if (request.kind == SanctionKind::kMute) {
    request.mute_duration_ms =
        random_.OneOf<int64_t>({1, kSecondMs, kMinuteMs, kHourMs, 20 * kDayMs});
  }
  sanctions_.push_back({steps_count_, request.streamer_id});
  return MakeCall("SanctionStreamer", request);
}

// Of the last ones mostly.
OperationPtr Generator::DrawLiftSanction() {
  if (sanctions_.empty()) return DrawSanction();
  const auto size = static_cast<int64_t>(sanctions_.size());
  const int64_t back = random_.Below(std::min<int64_t>(size, 6));
  const Sanctioned sanctioned = sanctions_[static_cast<size_t>(size - 1 - back)];
  return MakeCall("LiftSanction",
                  oracle::LiftSanctionRequest{
                      .idempotency_key = NextKey(),
                      .streamer_id = random_.Permille(50) ? AnyStreamer() : sanctioned.streamer_id,
                      .sanction_id = sanctioned.step});
}

}  // namespace tipgate::differ

#include "server/time_conversion.h"

namespace tipgate {
namespace {

constexpr int64_t kMsPerSecond = 1000;
constexpr int32_t kNanosPerMs = 1'000'000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kSecondsMin = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kSecondsMax = 253'402'300'799;  // 9999-12-31T23:59:59Z

}  // namespace

bool IsValidTimestamp(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() >= kSecondsMin && timestamp.seconds() <= kSecondsMax &&
         timestamp.nanos() >= 0 && timestamp.nanos() < kNanosPerSecond;
}

int64_t UnixMs(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() * kMsPerSecond + timestamp.nanos() / kNanosPerMs;
}

void SetUnixMs(int64_t time_ms, google::protobuf::Timestamp* timestamp) {
  int64_t seconds = time_ms / kMsPerSecond;
  int64_t rest_ms = time_ms % kMsPerSecond;
  if (rest_ms < 0) {  // before 1970
    rest_ms += kMsPerSecond;
    --seconds;
  }
  timestamp->set_seconds(seconds);
  timestamp->set_nanos(static_cast<int32_t>(rest_ms) * kNanosPerMs);
}

}  // namespace tipgate

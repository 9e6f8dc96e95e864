#include "server/field_checks.h"

#include "absl/strings/str_cat.h"
#include "server/call_error.h"
#include "server/time_conversion.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

constexpr int32_t kNanosPerMs = 1'000'000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

}  // namespace

void FieldChecks::Refuse(const char* field, absl::string_view expected) {
  if (!fault_.has_value()) fault_ = InvalidField(field, expected);
}

void FieldChecks::RefuseRange(const char* field, int64_t value, int64_t min, int64_t max) {
  const std::string range =
      max == kNoMax ? absl::StrCat("at least ", min) : absl::StrCat(min, " .. ", max);
  Refuse(field, absl::StrCat("must be ", range, ", was ", value));
}

void FieldChecks::RefuseBytes(const char* field, const std::string& text, size_t min, size_t max) {
  Refuse(field, absl::StrCat("must be ", min, " .. ", max, " bytes, was ", text.size()));
}

int64_t FieldChecks::TimeMs(const char* field, const google::protobuf::Timestamp& time) {
  if (!IsValidTimestamp(time)) {
    Refuse(field, "must be a time in the years 1 .. 9999 with nanos 0 .. 999999999");
    return 0;
  }
  return UnixMs(time);
}

int64_t FieldChecks::DurationMs(const char* field, const google::protobuf::Duration& duration,
                                int64_t min_ms, int64_t max_ms) {
  const bool is_valid = duration.seconds() >= 0 && duration.seconds() <= max_ms / kSecondMs &&
                        duration.nanos() >= 0 && duration.nanos() < kNanosPerSecond &&
                        duration.nanos() % kNanosPerMs == 0;
  const int64_t duration_ms = is_valid ? Milliseconds(duration) : -1;
  if (duration_ms < min_ms || duration_ms > max_ms) {
    Refuse(field, absl::StrCat("must be ", DurationText(min_ms), " .. ", DurationText(max_ms),
                               " in whole milliseconds"));
  }
  return duration_ms;
}

}  // namespace tipgate

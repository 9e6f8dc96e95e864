#pragma once

#include <google/protobuf/duration.pb.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tipgate {

inline constexpr int64_t kSecondMs = 1000;
inline constexpr int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr int64_t kHourMs = 60 * kMinuteMs;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// The most that google.protobuf.Duration may hold: 315,576,000,000 s, about 10,000 years.
inline constexpr int64_t kDurationMaxMs = 315'576'000'000 * kSecondMs;

// A duration as people write it: integers with the units d, h, m, s and ms, largest unit first,
// each at most once: "500ms", "30s", "1h30m", "7d". Nothing for any other text, and for more than
// kDurationMaxMs.
std::optional<int64_t> ParseDurationMs(absl::string_view text);

// The shortest such text for `milliseconds` >= 0: "0s", "90m" becomes "1h30m".
std::string DurationText(int64_t milliseconds);

// Whole milliseconds of a valid google.protobuf.Duration, rounded towards zero.
int64_t Milliseconds(const google::protobuf::Duration& duration);
void SetMilliseconds(int64_t milliseconds, google::protobuf::Duration* duration);

}  // namespace tipgate

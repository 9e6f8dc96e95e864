// Times, durations and dates between people and the API.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {

// ISO 8601 with milliseconds and the zone's offset, such as "2026-05-01T20:00:00.000+08:00".
std::string TimeText(absl::Time time, absl::TimeZone zone);

// The same of a timestamp field, in the local zone; empty for an unset one, which reads as the
// epoch.
std::string TimeText(const google::protobuf::Timestamp& time);

std::string DateText(const v1::Date& date);

// A duration field as people write it, such as "168h" or "30m".
std::string DurationText(const google::protobuf::Duration& duration);

// Reads a point in time: RFC 3339 ("2026-05-01T20:00:00+08:00", "...Z"); the same without an
// offset, or a date alone (its midnight), both in `zone`; or a duration ("30m", "7d"), which is so
// long before `now`.
absl::StatusOr<absl::Time> ParseTimeText(absl::string_view text, absl::Time now,
                                         absl::TimeZone zone);

// Reads a duration > 0: "500ms", "10s", "30m", "4h", "7d".
absl::StatusOr<absl::Duration> ParseDurationText(absl::string_view text);

// Reads "YYYY-MM-DD".
absl::StatusOr<v1::Date> ParseDateText(absl::string_view text);

google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Duration ToProto(absl::Duration duration);

}  // namespace tipgate

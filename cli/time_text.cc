#include "cli/time_text.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace tipgate {
namespace {

// A hundred years; protobuf's own maximum is 10,000 years.
constexpr absl::Duration kDurationMax = absl::Hours(24 * 365 * 100);

// The first one is RFC 3339; the others are in the caller's zone.
constexpr absl::string_view kTimeFormats[] = {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M:%E*S",
                                              "%Y-%m-%d %H:%M:%E*S",      "%Y-%m-%dT%H:%M",
                                              "%Y-%m-%d %H:%M",           "%Y-%m-%d"};

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// absl::ParseDuration knows no days.
bool ParseDays(absl::string_view text, absl::Duration* duration) {
  int32_t days = 0;
  if (!absl::ConsumeSuffix(&text, "d") || !absl::SimpleAtoi(text, &days)) return false;
  *duration = absl::Hours(24) * days;
  return true;
}

// absl::ParseTime also reads "infinite-past", which no timestamp can hold.
bool ParseFinite(absl::string_view format, absl::string_view text, absl::TimeZone zone,
                 absl::Time* time) {
  return absl::ParseTime(format, text, zone, time, nullptr) && *time > absl::InfinitePast() &&
         *time < absl::InfiniteFuture();
}

}  // namespace

std::string TimeText(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", time, zone);
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return TimeText(FromProto(time), absl::LocalTimeZone());
}

std::string DateText(const v1::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string DurationText(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Seconds(duration.seconds()) +
                              absl::Nanoseconds(duration.nanos()));
}

absl::StatusOr<absl::Time> ParseTimeText(absl::string_view text, absl::Time now,
                                         absl::TimeZone zone) {
  absl::Time time;
  for (absl::string_view format : kTimeFormats) {
    if (ParseFinite(format, text, zone, &time)) return time;
  }
  if (absl::StatusOr<absl::Duration> age = ParseDurationText(text); age.ok()) return now - *age;
  return absl::InvalidArgumentError(
      absl::StrCat("expected a time such as 2026-05-01T20:00:00+08:00, 2026-05-01, or 30m for half "
                   "an hour ago, got '",
                   text, "'"));
}

absl::StatusOr<absl::Duration> ParseDurationText(absl::string_view text) {
  absl::Duration duration;
  const bool is_read = ParseDays(text, &duration) || absl::ParseDuration(text, &duration);
  if (is_read && duration > absl::ZeroDuration() && duration <= kDurationMax) return duration;
  return absl::InvalidArgumentError(
      absl::StrCat("expected a duration > 0 such as 500ms, 10s, 30m, 4h or 7d, got '", text, "'"));
}

absl::StatusOr<v1::Date> ParseDateText(absl::string_view text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) {
    return absl::InvalidArgumentError(absl::StrCat("expected YYYY-MM-DD, got '", text, "'"));
  }
  v1::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp proto;
  proto.set_seconds(absl::ToUnixSeconds(time));
  proto.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(proto.seconds()))));
  return proto;
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  google::protobuf::Duration proto;
  proto.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  proto.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return proto;
}

}  // namespace tipgate

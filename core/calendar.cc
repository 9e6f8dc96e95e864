#include "core/calendar.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace tipgate {
namespace {

constexpr int64_t kYearMin = 1900;
constexpr int64_t kYearMax = 9999;

// The first moment of a civil day. Where a gap swallows midnight, the day begins when the gap ends.
int64_t DayBeginMs(absl::CivilDay day, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo midnight = zone.At(absl::CivilSecond(day));
  const bool is_skipped = midnight.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixMillis(is_skipped ? midnight.trans : midnight.pre);
}

int64_t MonthsLaterIn(absl::TimeZone zone, int64_t time_ms, int32_t months) {
  const absl::Time time = absl::FromUnixMillis(time_ms);
  const absl::CivilSecond local = absl::ToCivilSecond(time, zone);
  const absl::Duration fraction =
      time - absl::UnixEpoch() - absl::Seconds(absl::ToUnixSeconds(time));
  const absl::CivilMonth month = absl::CivilMonth(local) + months;
  const absl::CivilDay last_day = absl::CivilDay(month + 1) - 1;
  const absl::CivilSecond later(month.year(), month.month(), std::min(local.day(), last_day.day()),
                                local.hour(), local.minute(), local.second());
  return absl::ToUnixMillis(absl::FromCivil(later, zone) + fraction);
}

}  // namespace

bool IsValidDate(int64_t year, int64_t month, int64_t day) {
  if (year < kYearMin || year > kYearMax || month < 1 || month > 12 || day < 1 || day > 31) {
    return false;
  }
  const absl::CivilDay civil(year, month, day);  // normalizes 31 April to 1 May
  return civil.month() == month && civil.day() == day;
}

CivilDate DateOf(Day day) {
  const std::chrono::year_month_day date =
      std::chrono::sys_days(std::chrono::days(static_cast<int32_t>(day)));
  return {.year = static_cast<int16_t>(static_cast<int>(date.year())),
          .month = static_cast<int8_t>(static_cast<unsigned>(date.month())),
          .day = static_cast<int8_t>(static_cast<unsigned>(date.day()))};
}

Month MonthOf(Day day) {
  const CivilDate date = DateOf(day);
  return Month{date.year * 12 + date.month - 1};
}

int AgeInYears(CivilDate birth, CivilDate today) {
  const int years = today.year - birth.year;
  const bool had_birthday =
      today.month > birth.month || (today.month == birth.month && today.day >= birth.day);
  return had_birthday ? years : years - 1;
}

bool CanBeMonthsLater(int64_t time_ms, int32_t months, int64_t later_ms) {
  // The local date may be the day before or after that in UTC, and months differ by 3 days.
  constexpr int64_t kToleranceMs = int64_t{5} * 24 * 3600 * 1000;
  const int64_t in_utc_ms = MonthsLaterIn(absl::UTCTimeZone(), time_ms, months);
  return later_ms >= in_utc_ms - kToleranceMs && later_ms <= in_utc_ms + kToleranceMs;
}

absl::StatusOr<Calendar> Calendar::Load(const std::string& zone_name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(zone_name, &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("time zone '", zone_name, "' is not known here (is tzdata installed?)"));
  }
  return Calendar(zone);
}

Moment Calendar::At(int64_t time_ms) {
  if (time_ms < cached_begin_ms_ || time_ms >= cached_.day_end_ms) {
    const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMillis(time_ms), zone_);
    const absl::CivilMonth month(day);
    cached_begin_ms_ = DayBeginMs(day, zone_);
    cached_.day = Day{static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1))};
    cached_.month = Month{static_cast<int32_t>(month - absl::CivilMonth(0, 1))};
    cached_.day_end_ms = DayBeginMs(day + 1, zone_);
    cached_.month_end_ms = DayBeginMs(absl::CivilDay(month + 1), zone_);
  }
  cached_.time_ms = time_ms;
  return cached_;
}

int64_t Calendar::MonthsLater(int64_t time_ms, int32_t months) const {
  return MonthsLaterIn(zone_, time_ms, months);
}

}  // namespace tipgate

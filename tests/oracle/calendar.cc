#include "tests/oracle/calendar.h"

#include <algorithm>

#include "tests/oracle/invariant.h"

namespace tipgate::oracle {

Calendar::Calendar(const std::string& time_zone) {
  Require(absl::LoadTimeZone(time_zone, &zone_), "the time zone is known");
}

absl::CivilDay Calendar::DayAt(int64_t time_ms) const {
  return absl::ToCivilDay(absl::FromUnixMillis(time_ms), zone_);
}

absl::CivilMonth Calendar::MonthAt(int64_t time_ms) const {
  return absl::ToCivilMonth(absl::FromUnixMillis(time_ms), zone_);
}

int64_t Calendar::NextDayStart(int64_t time_ms) const {
  return absl::ToUnixMillis(absl::FromCivil(DayAt(time_ms) + 1, zone_));
}

int64_t Calendar::NextMonthStart(int64_t time_ms) const {
  return absl::ToUnixMillis(absl::FromCivil(MonthAt(time_ms) + 1, zone_));
}

int64_t Calendar::AddMonths(int64_t time_ms, int months) const {
  const absl::CivilSecond local = absl::ToCivilSecond(absl::FromUnixMillis(time_ms), zone_);
  const absl::CivilMonth month = absl::CivilMonth(local) + months;
  const int last_day = (absl::CivilDay(month + 1) - 1).day();
  const absl::CivilSecond moved(month.year(), month.month(), std::min(local.day(), last_day),
                                local.hour(), local.minute(), local.second());
  return absl::ToUnixMillis(absl::FromCivil(moved, zone_)) + time_ms % 1000;
}

int Calendar::AgeAt(const BirthDate& birth_date, int64_t time_ms) const {
  const absl::CivilDay today = DayAt(time_ms);
  const int years = static_cast<int>(today.year()) - birth_date.year;
  const bool birthday_is_still_to_come =
      today.month() < birth_date.month ||
      (today.month() == birth_date.month && today.day() < birth_date.day);
  return birthday_is_still_to_come ? years - 1 : years;
}

}  // namespace tipgate::oracle

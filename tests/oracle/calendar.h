// Days, months and ages in the policy's time zone. Times are milliseconds since 1970-01-01 UTC.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace tipgate::oracle {

// A day of birth; of the Gregorian calendar.
struct BirthDate {
  int year = 0;
  int month = 0;
  int day = 0;

  bool operator==(const BirthDate&) const = default;
};

class Calendar {
 public:
  // The zone must be an IANA name that this machine knows.
  explicit Calendar(const std::string& time_zone);

  absl::CivilDay DayAt(int64_t time_ms) const;
  absl::CivilMonth MonthAt(int64_t time_ms) const;

  // The first millisecond of the next local day or month.
  int64_t NextDayStart(int64_t time_ms) const;
  int64_t NextMonthStart(int64_t time_ms) const;

  // The same local time of day, so many calendar months later; a day that the month does not have
  // is its last one.
  int64_t AddMonths(int64_t time_ms, int months) const;

  // F2. Full years on the local date of the time; negative before birth.
  int AgeAt(const BirthDate& birth_date, int64_t time_ms) const;

 private:
  absl::TimeZone zone_;
};

}  // namespace tipgate::oracle

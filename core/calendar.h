#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tipgate {

// A local calendar day: days since 1970-01-01.
enum class Day : int32_t {};
// A local calendar month: months since year 0.
enum class Month : int32_t {};

// A calendar date.
struct CivilDate {
  int16_t year = 0;
  int8_t month = 0;
  int8_t day = 0;

  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};

// True if the calendar has this date, in the years 1900 .. 9999.
bool IsValidDate(int64_t year, int64_t month, int64_t day);

CivilDate DateOf(Day day);

// The month that a day belongs to.
Month MonthOf(Day day);

// Full years from `birth` to `today`; who was born on 29 February has the birthday on 1 March in
// common years. Negative if birth lies ahead.
int AgeInYears(CivilDate birth, CivilDate today);

// One moment, and the local periods that it falls into. Stamped once on each batch and stored with
// it, so that an update of the time-zone database cannot rewrite history.
struct Moment {
  int64_t time_ms = 0;  // Unix time, milliseconds
  Day day{};
  Month month{};
  int64_t day_end_ms = 0;    // the first moment of the next local day
  int64_t month_end_ms = 0;  // the first moment of the next local month

  friend bool operator==(const Moment&, const Moment&) = default;
};

// True if `later_ms` can be the same local time as `time_ms` so many calendar months later, in some
// time zone: as much as can be told without one.
bool CanBeMonthsLater(int64_t time_ms, int32_t months, int64_t later_ms);

// Computes local days and months in one IANA time zone. One thread at a time.
class Calendar {
 public:
  // INVALID_ARGUMENT if the machine knows no such zone.
  static absl::StatusOr<Calendar> Load(const std::string& zone_name);

  Moment At(int64_t time_ms);

  // The same local time of day so many calendar months later. Of a day that the month does not have
  // it is the last one, of a time of day that summer time skips the end of the gap, of one that
  // comes twice the first.
  int64_t MonthsLater(int64_t time_ms, int32_t months) const;

 private:
  explicit Calendar(absl::TimeZone zone) : zone_(zone) {}

  absl::TimeZone zone_;
  Moment cached_;  // valid for [cached_begin_ms_, cached_.day_end_ms)
  int64_t cached_begin_ms_ = 0;
};

}  // namespace tipgate

// Clocks that step, stand still and jump, in zones whose days are odd: time never goes back, each
// moment is in exactly one day, and no day comes twice.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/calendar.h"
#include "core/timeline.h"
#include "tests/differ/random.h"

namespace tipgate {
namespace {

using differ::Random;

constexpr int64_t kSecondMs = 1'000;
constexpr int64_t kMinuteMs = 60 * kSecondMs;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;

// Midnights that are skipped (Santiago, Cairo, Sao Paulo), that come twice (Havana), a day that is
// missing (Apia, 30 December 2011), half hours (Lord Howe), no summer time (Shanghai).
constexpr const char* kZones[] = {"Asia/Shanghai",   "Etc/UTC",          "America/New_York",
                                  "America/Havana",  "America/Santiago", "America/Sao_Paulo",
                                  "Africa/Cairo",    "Pacific/Apia",     "Australia/Lord_Howe",
                                  "America/St_Johns"};

constexpr int64_t k2011Ms = 1'293'840'000'000;
constexpr int64_t kYears = 20;

// The local date, by another way than the calendar's.
absl::CivilDay DateAt(const std::string& zone_name, int64_t time_ms) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone));
  return absl::ToCivilDay(absl::FromUnixMillis(time_ms), zone);
}

absl::CivilDay DateOfDay(Day day) {
  const CivilDate date = DateOf(day);
  return absl::CivilDay(date.year, date.month, date.day);
}

TEST(ClockWalk, EachDayBeginsWhereTheOneBeforeEndsToTheMillisecond) {
  for (const char* zone : kZones) {
    SCOPED_TRACE(zone);
    Calendar calendar = *Calendar::Load(zone);
    Moment now = calendar.At(k2011Ms);
    while (now.time_ms < k2011Ms + kYears * 366 * kDayMs) {
      const Moment last = calendar.At(now.day_end_ms - 1);
      const Moment next = calendar.At(now.day_end_ms);
      ASSERT_EQ(last.day, now.day) << DateOfDay(now.day);
      ASSERT_GT(next.day, now.day) << DateOfDay(now.day);
      ASSERT_EQ(DateOfDay(next.day), DateAt(zone, now.day_end_ms)) << DateOfDay(now.day);
      ASSERT_EQ(next.month != now.month, now.day_end_ms == now.month_end_ms) << DateOfDay(now.day);
      ASSERT_EQ(next.month, MonthOf(next.day));
      now = next;
    }
  }
}

// What the wall clock shows next: mostly a little later, else a step of one of the kinds that are
// to be borne.
int64_t NextWall(int64_t wall_ms, Random* random) {
  switch (random->Below(12)) {
    case 0:
      return wall_ms;  // it stands still
    case 1:
      return wall_ms - kSecondMs;  // a leap second, as Linux has it
    case 2:
      return wall_ms - kHourMs;
    case 3:
      return wall_ms + kDayMs;
    case 4:
      return wall_ms + random->Below(40) * kDayMs;
    case 5:
      return wall_ms - random->Below(3 * kDayMs);
    default:
      return wall_ms + random->Below(2 * kHourMs);
  }
}

struct Walk {
  std::string zone;
  uint64_t seed;
  bool changes_zone_data;  // now and then, as an update of the zone database and a restart would
};

// Returns how many days there were.
size_t TakeWalk(const Walk& walk) {
  constexpr int kSteps = 3'000;
  Random random(walk.seed);
  Timeline timeline(*Calendar::Load(walk.zone), Moment(), 400 * kDayMs);
  std::set<Day> days;
  std::set<Month> months;
  Moment last;
  int64_t wall_ms = k2011Ms + random.Below(365 * kDayMs);
  int64_t steady_ms = 0;
  for (int i = 0; i < kSteps; ++i) {
    if (walk.changes_zone_data && random.Permille(20)) {
      timeline = Timeline(*Calendar::Load(random.OneOf({kZones[0], kZones[2], kZones[7]})), last,
                          400 * kDayMs);
    }
    wall_ms = NextWall(wall_ms, &random);
    const absl::StatusOr<Moment> now = timeline.Stamp(wall_ms, steady_ms += random.Below(1'000));
    EXPECT_TRUE(now.ok()) << now.status();
    EXPECT_GE(now->time_ms, last.time_ms);
    EXPECT_EQ(now->time_ms, std::max(last.time_ms, wall_ms));
    EXPECT_GE(now->day, last.day);
    EXPECT_GE(now->month, last.month);
    EXPECT_LT(now->time_ms, now->day_end_ms);
    EXPECT_LE(now->day_end_ms, now->month_end_ms);
    // A counter is reset where the day changes: never into one that was there before.
    EXPECT_EQ(now->day != last.day, days.insert(now->day).second);
    EXPECT_EQ(now->month != last.month, months.insert(now->month).second);
    if (!walk.changes_zone_data) {
      EXPECT_EQ(DateOfDay(now->day), DateAt(walk.zone, now->time_ms));
    }
    last = *now;
    if (testing::Test::HasFailure()) break;
  }
  return days.size();
}

TEST(ClockWalk, NoDayComesTwiceWhateverTheClockDoes) {
  for (const char* zone : kZones) {
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      SCOPED_TRACE(testing::Message() << zone << ", seed " << seed);
      EXPECT_GT(TakeWalk({zone, seed, /*changes_zone_data=*/false}), 100U);
    }
  }
}

TEST(ClockWalk, NoDayComesTwiceThoughTheZoneDataChanges) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    EXPECT_GT(TakeWalk({"Asia/Shanghai", seed, /*changes_zone_data=*/true}), 100U);
  }
}

}  // namespace
}  // namespace tipgate

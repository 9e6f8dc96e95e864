#include "core/calendar.h"

#include <gtest/gtest.h>

#include "core/hash128.h"
#include "core/money.h"

namespace tipgate {
namespace {

Moment At(const std::string& zone_name, const std::string& local) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone));
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%E*S", local, zone, &time, &error)) << error;
  return Calendar::Load(zone_name)->At(absl::ToUnixMillis(time));
}

TEST(Calendar, RefusesAZoneThatNobodyKnows) { EXPECT_FALSE(Calendar::Load("Mars/Olympus").ok()); }

TEST(Calendar, ADayTurnsAtLocalMidnight) {
  const Moment before = At("Asia/Shanghai", "2026-11-23 23:59:59.999");
  const Moment after = At("Asia/Shanghai", "2026-11-24 00:00:00.000");
  EXPECT_EQ(static_cast<int>(after.day) - static_cast<int>(before.day), 1);
  EXPECT_EQ(before.day_end_ms, after.time_ms);
  EXPECT_EQ(DateOf(after.day), (CivilDate{.year = 2026, .month = 11, .day = 24}));
}

TEST(Calendar, AMonthTurnsAtItsEnd) {
  const Moment before = At("Asia/Shanghai", "2028-02-29 23:59:59.999");
  const Moment after = At("Asia/Shanghai", "2028-03-01 00:00:00.000");
  EXPECT_EQ(static_cast<int>(after.month) - static_cast<int>(before.month), 1);
  EXPECT_EQ(before.month_end_ms, after.time_ms);
  EXPECT_EQ(At("Asia/Shanghai", "2026-12-31 12:00:00.000").month_end_ms,
            At("Asia/Shanghai", "2027-01-01 00:00:00.000").time_ms);
}

TEST(Calendar, DaysOfZonesWithDaylightSavingAreWhole) {
  // Spring forward: 23 hours. Fall back: 25.
  const Moment spring = At("America/New_York", "2026-03-08 12:00:00.000");
  EXPECT_EQ(spring.day_end_ms - At("America/New_York", "2026-03-08 00:00:00.000").time_ms,
            int64_t{23} * 3'600'000);
  const Moment fall = At("America/New_York", "2026-11-01 12:00:00.000");
  EXPECT_EQ(fall.day_end_ms - At("America/New_York", "2026-11-01 00:00:00.000").time_ms,
            int64_t{25} * 3'600'000);
}

TEST(Calendar, ADayWithoutMidnightBeginsAfterTheGap) {
  // In Sao Paulo 2018-11-04 began at 01:00.
  const Moment before = At("America/Sao_Paulo", "2018-11-03 23:59:59.999");
  const Moment after = At("America/Sao_Paulo", "2018-11-04 01:00:00.000");
  EXPECT_EQ(before.day_end_ms, after.time_ms);
  EXPECT_EQ(static_cast<int>(after.day) - static_cast<int>(before.day), 1);
}

TEST(Calendar, ADayWhoseMidnightIsInsideOfAGapBeginsAfterIt) {
  // In Toronto clocks went from 23:30 of 1919-03-30 to 00:30.
  const Moment before = At("America/Toronto", "1919-03-30 23:29:59.999");
  const Moment after = At("America/Toronto", "1919-03-31 00:30:00.000");
  EXPECT_EQ(before.time_ms + 1, after.time_ms);
  EXPECT_EQ(before.day_end_ms, after.time_ms);
  EXPECT_EQ(static_cast<int>(after.day) - static_cast<int>(before.day), 1);
}

TEST(Calendar, AnswersAlikeWhicheverDayItWasAskedBefore) {
  Calendar calendar = *Calendar::Load("Asia/Shanghai");
  const int64_t noon_ms = At("Asia/Shanghai", "2026-11-23 12:00:00.000").time_ms;
  const Moment fresh = calendar.At(noon_ms);
  calendar.At(noon_ms + 40 * int64_t{86'400'000});
  EXPECT_EQ(calendar.At(noon_ms), fresh);
}

TEST(Calendar, KnowsWhichDatesThereAre) {
  EXPECT_TRUE(IsValidDate(2028, 2, 29));
  EXPECT_FALSE(IsValidDate(2026, 2, 29));
  EXPECT_FALSE(IsValidDate(2026, 4, 31));
  EXPECT_FALSE(IsValidDate(1899, 12, 31));
  EXPECT_FALSE(IsValidDate(10'000, 1, 1));
  EXPECT_FALSE(IsValidDate(2026, 0, 1));
  EXPECT_FALSE(IsValidDate(2026, 13, 1));
  EXPECT_FALSE(IsValidDate(2026, 1, 0));
}

// So many months later in a zone, as local time.
std::string MonthsLater(const std::string& zone_name, const std::string& local, int32_t months) {
  const int64_t time_ms = At(zone_name, local).time_ms;
  const int64_t later_ms = Calendar::Load(zone_name)->MonthsLater(time_ms, months);
  EXPECT_TRUE(CanBeMonthsLater(time_ms, months, later_ms));
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone));
  return absl::FormatTime("%Y-%m-%d %H:%M:%E3S", absl::FromUnixMillis(later_ms), zone);
}

TEST(Calendar, MonthsLaterIsTheSameLocalTimeOfDay) {
  EXPECT_EQ(MonthsLater("Asia/Shanghai", "2026-01-15 23:59:59.999", 3), "2026-04-15 23:59:59.999");
  EXPECT_EQ(MonthsLater("Asia/Shanghai", "2026-11-15 00:00:00.000", 3), "2027-02-15 00:00:00.000");
  // Summer time has begun in between.
  EXPECT_EQ(MonthsLater("Europe/London", "2026-01-15 12:00:00.001", 3), "2026-04-15 12:00:00.001");
}

TEST(Calendar, ADayThatTheMonthDoesNotHaveIsItsLastOne) {
  EXPECT_EQ(MonthsLater("Asia/Shanghai", "2026-11-30 10:00:00.000", 3), "2027-02-28 10:00:00.000");
  EXPECT_EQ(MonthsLater("Asia/Shanghai", "2027-11-30 10:00:00.000", 3), "2028-02-29 10:00:00.000");
  EXPECT_EQ(MonthsLater("Asia/Shanghai", "2026-12-31 10:00:00.000", 2), "2027-02-28 10:00:00.000");
  EXPECT_EQ(MonthsLater("Asia/Shanghai", "2026-02-28 10:00:00.000", 1), "2026-03-28 10:00:00.000");
}

TEST(Calendar, MonthsLaterASkippedTimeIsTheEndOfTheGap) {
  EXPECT_EQ(MonthsLater("Europe/London", "2026-12-28 01:30:00.000", 3), "2027-03-28 02:00:00.000");
}

TEST(Calendar, MonthsLaterOfATimeThatComesTwiceIsTheFirst) {
  const int64_t time_ms = At("Europe/London", "2027-07-31 01:30:00.000").time_ms;
  const int64_t later_ms = Calendar::Load("Europe/London")->MonthsLater(time_ms, 3);
  EXPECT_EQ(later_ms - time_ms, int64_t{92} * 24 * 3'600'000);  // still in summer time
}

TEST(Calendar, MonthsLaterIsKnownToBeSoWithoutAZone) {
  constexpr int64_t kDayMs = 24 * 3'600'000;
  const int64_t time_ms = At("UTC", "2026-11-30 10:00:00.000").time_ms;
  const int64_t later_ms = At("UTC", "2027-02-28 10:00:00.000").time_ms;
  EXPECT_TRUE(CanBeMonthsLater(time_ms, 3, later_ms + 5 * kDayMs));
  EXPECT_FALSE(CanBeMonthsLater(time_ms, 3, later_ms + 5 * kDayMs + 1));
  EXPECT_TRUE(CanBeMonthsLater(time_ms, 3, later_ms - 5 * kDayMs));
  EXPECT_FALSE(CanBeMonthsLater(time_ms, 3, later_ms - 5 * kDayMs - 1));
}

TEST(Money, SaysWhatDoesNotFit) {
  EXPECT_FALSE(Money(INT64_MAX).Plus(Money(1)).has_value());
  EXPECT_FALSE(Money(INT64_MIN).Plus(Money(-1)).has_value());
  EXPECT_EQ(Money(INT64_MAX - 1).Plus(Money(1)), Money(INT64_MAX));
  EXPECT_FALSE(Money(INT64_MAX / 2 + 1).Times(2).has_value());
  EXPECT_EQ(Money(3).Times(4), Money(12));
  EXPECT_DEATH(Money(INT64_MAX) + Money(1), "broken invariant");
}

TEST(Hash128, IsTheSameForEver) {
  Hasher128 hasher;
  hasher.Add("tipgate");
  hasher.Add(uint64_t{42});
  EXPECT_EQ(hasher.Finish().ToHex(), "5fc8c2808979c073977bc397405ed47d");
}

}  // namespace
}  // namespace tipgate

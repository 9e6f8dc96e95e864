#include "cli/time_text.h"

#include <string>

#include "gtest/gtest.h"

namespace tipgate {
namespace {

const absl::TimeZone kShanghai = absl::FixedTimeZone(8 * 60 * 60);

// 2026-05-01T12:00:00Z.
const absl::Time kNow = absl::FromUnixSeconds(1'777'636'800);

absl::Time Parsed(const std::string& text) {
  const auto time = ParseTimeText(text, kNow, kShanghai);
  EXPECT_TRUE(time.ok()) << text;
  return time.value_or(absl::InfinitePast());
}

TEST(TimeText, IsIsoWithMillisecondsAndOffset) {
  EXPECT_EQ(TimeText(kNow + absl::Milliseconds(7), kShanghai), "2026-05-01T20:00:00.007+08:00");
  EXPECT_EQ(TimeText(kNow, absl::UTCTimeZone()), "2026-05-01T12:00:00.000+00:00");
}

TEST(TimeText, UnsetTimestampIsEmpty) { EXPECT_EQ(TimeText(google::protobuf::Timestamp()), ""); }

TEST(TimeText, ReadsBackAsTheSameTime) { EXPECT_EQ(Parsed(TimeText(kNow, kShanghai)), kNow); }

TEST(ParseTimeText, ReadsRfc3339WithItsOwnOffset) {
  EXPECT_EQ(Parsed("2026-05-01T12:00:00Z"), kNow);
  EXPECT_EQ(Parsed("2026-05-01T20:00:00+08:00"), kNow);
  EXPECT_EQ(Parsed("2026-05-01T13:00:00.5+01:00"), kNow + absl::Milliseconds(500));
}

TEST(ParseTimeText, ReadsTimesWithoutOffsetInTheZone) {
  EXPECT_EQ(Parsed("2026-05-01T20:00:00"), kNow);
  EXPECT_EQ(Parsed("2026-05-01 20:00"), kNow);
  EXPECT_EQ(Parsed("2026-05-01"), kNow - absl::Hours(20));
}

TEST(ParseTimeText, ReadsADurationAsSoLongAgo) {
  EXPECT_EQ(Parsed("30m"), kNow - absl::Minutes(30));
  EXPECT_EQ(Parsed("7d"), kNow - absl::Hours(168));
}

TEST(ParseTimeText, RefusesEverythingElse) {
  for (const char* text : {"", "now", "2026-13-01", "2026-02-30", "2026-05-01T25:00:00", "12:00",
                           "-5m", "infinite-past", "2026-05-01T20:00:00+08:00x"}) {
    EXPECT_FALSE(ParseTimeText(text, kNow, kShanghai).ok()) << text;
  }
}

TEST(ParseDurationText, ReadsTheUnitsOfTheConfiguration) {
  EXPECT_EQ(*ParseDurationText("500ms"), absl::Milliseconds(500));
  EXPECT_EQ(*ParseDurationText("1h30m"), absl::Minutes(90));
  EXPECT_EQ(*ParseDurationText("7d"), absl::Hours(168));
  EXPECT_EQ(*ParseDurationText("36500d"), absl::Hours(24 * 36'500));
}

TEST(ParseDurationText, RefusesZeroNegativeEndlessAndUnitless) {
  for (const char* text : {"", "0", "0s", "-1s", "-1d", "d", "1.5d", "10", "inf", "36501d"}) {
    EXPECT_FALSE(ParseDurationText(text).ok()) << text;
  }
}

TEST(ParseDateText, ReadsACalendarDate) {
  const auto date = ParseDateText("2008-02-29");
  ASSERT_TRUE(date.ok());
  EXPECT_EQ(DateText(*date), "2008-02-29");
}

TEST(ParseDateText, RefusesDatesThatDoNotExist) {
  for (const char* text : {"", "2007-02-29", "2007-13-01", "2007-00-10", "20070201", "2007-02"}) {
    EXPECT_FALSE(ParseDateText(text).ok()) << text;
  }
}

TEST(ToProto, SplitsSecondsAndNanos) {
  EXPECT_EQ(ToProto(kNow + absl::Nanoseconds(3)).seconds(), 1'777'636'800);
  EXPECT_EQ(ToProto(kNow + absl::Nanoseconds(3)).nanos(), 3);
  EXPECT_EQ(ToProto(absl::Milliseconds(1500)).seconds(), 1);
  EXPECT_EQ(ToProto(absl::Milliseconds(1500)).nanos(), 500'000'000);
}

TEST(ToProto, NanosAreNeverNegative) {
  const auto time = ToProto(absl::UnixEpoch() - absl::Milliseconds(1));
  EXPECT_EQ(time.seconds(), -1);
  EXPECT_EQ(time.nanos(), 999'000'000);
}

TEST(DurationText, IsWhatParseReads) {
  const auto day = ToProto(absl::Hours(168));
  EXPECT_EQ(DurationText(day), "168h");
  EXPECT_EQ(*ParseDurationText(DurationText(day)), absl::Hours(168));
}

}  // namespace
}  // namespace tipgate

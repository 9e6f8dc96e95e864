#include "core/timeline.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int64_t kJumpMaxMs = 1'000;

class TimelineTest : public ::testing::Test {
 protected:
  // Steady time 0 is kStartMs.
  int64_t Stamp(int64_t wall_ms, int64_t steady_ms) {
    const absl::StatusOr<Moment> moment = timeline_.Stamp(kStartMs + wall_ms, steady_ms);
    return moment.ok() ? moment->time_ms - kStartMs : -1;
  }

  Timeline timeline_{*Calendar::Load("Asia/Shanghai"), Moment{.time_ms = kStartMs - 5}, kJumpMaxMs};
};

TEST(Timeline, ADayThatHasEndedDoesNotComeBackWithNewZoneData) {
  Calendar shanghai = *Calendar::Load("Asia/Shanghai");
  const Moment last = shanghai.At(kStartMs);
  // As if the zone's rules had changed: the same moment is the day before in Los Angeles.
  Calendar changed = *Calendar::Load("America/Los_Angeles");
  ASSERT_LT(changed.At(kStartMs).day, last.day);
  Timeline timeline(changed, last, kJumpMaxMs);
  const absl::StatusOr<Moment> now = timeline.Stamp(kStartMs + 5, 0);
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->time_ms, kStartMs + 5);
  EXPECT_EQ(now->day, last.day);
  EXPECT_EQ(now->month, last.month);
  // It ends as the new data has it, more than a day from now.
  EXPECT_EQ(changed.At(now->day_end_ms - 1).day, last.day);
  EXPECT_GT(changed.At(now->day_end_ms).day, last.day);
  EXPECT_GT(now->month_end_ms, now->day_end_ms);
}

TEST_F(TimelineTest, FollowsTheClock) {
  EXPECT_EQ(Stamp(0, 0), 0);
  EXPECT_EQ(Stamp(7, 7), 7);
}

TEST_F(TimelineTest, StandsStillWhileTheClockIsBehind) {
  EXPECT_EQ(Stamp(-100, 0), -5);  // the journal's last entry
  EXPECT_EQ(Stamp(50, 150), 50);
  EXPECT_EQ(Stamp(-3'600'000, 151), 50);
  EXPECT_EQ(timeline_.backward_steps_count(), 1);
  EXPECT_EQ(Stamp(-3'599'999, 152), 50);
  EXPECT_EQ(timeline_.backward_steps_count(), 1);
}

TEST_F(TimelineTest, BelievesAJumpUpToTheMaximumAndNotOneMillisecondMore) {
  EXPECT_EQ(Stamp(0, 0), 0);
  EXPECT_EQ(Stamp(kJumpMaxMs, 0), kJumpMaxMs);
  EXPECT_EQ(Stamp(2 * kJumpMaxMs + 1, 0), -1);
  EXPECT_EQ(timeline_.refused_jumps_count(), 1);
}

TEST_F(TimelineTest, RefusesUntilTheClockComesBack) {
  EXPECT_EQ(Stamp(0, 0), 0);
  EXPECT_EQ(Stamp(86'400'000, 10), -1);
  EXPECT_EQ(Stamp(86'400'010, 20), -1);
  EXPECT_EQ(timeline_.refused_jumps_count(), 1);
  EXPECT_EQ(Stamp(30, 30), 30);
}

TEST_F(TimelineTest, AStepBackThatIsSetRightIsNoJump) {
  constexpr int64_t kHourMs = 3'600'000;
  EXPECT_EQ(Stamp(0, 0), 0);
  EXPECT_EQ(Stamp(-2 * kHourMs, 10), 0);
  EXPECT_EQ(Stamp(-kHourMs, kHourMs), 0);
  EXPECT_EQ(Stamp(kHourMs + 5, kHourMs + 5), kHourMs + 5);
}

TEST_F(TimelineTest, AnIdleDayIsNoJump) {
  EXPECT_EQ(Stamp(0, 0), 0);
  EXPECT_EQ(Stamp(86'400'000, 86'400'000), 86'400'000);
}

}  // namespace
}  // namespace tipgate

#include "server/disk_watch.h"

#include <gtest/gtest.h>

#include <tuple>
#include <utility>
#include <vector>

namespace tipgate {
namespace {

constexpr DiskMarks kMarks = {.warn_bytes = 400, .stop_bytes = 100};

TEST(DiskLevel, BeginsBelowItsMark) {
  EXPECT_EQ(NextDiskLevel(DiskLevel::kAmple, 400, kMarks), DiskLevel::kAmple);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kAmple, 399, kMarks), DiskLevel::kLow);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kAmple, 100, kMarks), DiskLevel::kLow);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kAmple, 99, kMarks), DiskLevel::kFull);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kLow, 99, kMarks), DiskLevel::kFull);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kLow, -1, kMarks), DiskLevel::kFull);
}

TEST(DiskLevel, EndsWithAQuarterMoreThanItsMark) {
  EXPECT_EQ(NextDiskLevel(DiskLevel::kFull, 124, kMarks), DiskLevel::kFull);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kFull, 125, kMarks), DiskLevel::kLow);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kLow, 499, kMarks), DiskLevel::kLow);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kLow, 500, kMarks), DiskLevel::kAmple);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kFull, 500, kMarks), DiskLevel::kAmple);
}

TEST(DiskLevel, OneMarkForBothRefusesWithoutAWarning) {
  constexpr DiskMarks kOne = {.warn_bytes = 100, .stop_bytes = 100};
  EXPECT_EQ(NextDiskLevel(DiskLevel::kAmple, 100, kOne), DiskLevel::kAmple);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kAmple, 99, kOne), DiskLevel::kFull);
  EXPECT_EQ(NextDiskLevel(DiskLevel::kFull, 125, kOne), DiskLevel::kAmple);
}

class DiskWatchTest : public testing::Test {
 protected:
  void Look(absl::StatusOr<int64_t> spare_bytes) {
    measured_ = std::move(spare_bytes);
    watch_.Look();
  }

  absl::StatusOr<int64_t> measured_ = 1'000;
  PipelineStats stats_;
  std::vector<std::tuple<DiskLevel, DiskLevel, int64_t>> told_;
  DiskWatch watch_{kMarks, [this] { return measured_; }, &stats_,
                   [this](DiskLevel before, DiskLevel now, int64_t spare_bytes) {
                     told_.emplace_back(before, now, spare_bytes);
                   }};
};

TEST_F(DiskWatchTest, TellsChangesOnceAndTheStatisticsAlways) {
  Look(1'000);
  EXPECT_TRUE(told_.empty());
  EXPECT_EQ(stats_.disk_spare_bytes, 1'000);
  Look(300);
  Look(200);
  EXPECT_EQ(stats_.disk_spare_bytes, 200);
  EXPECT_TRUE(stats_.is_disk_low);
  EXPECT_FALSE(stats_.is_disk_full);
  Look(50);
  EXPECT_TRUE(stats_.is_disk_low);
  EXPECT_TRUE(stats_.is_disk_full);
  Look(1'000);
  EXPECT_FALSE(stats_.is_disk_low);
  EXPECT_FALSE(stats_.is_disk_full);
  const decltype(told_) expected = {{DiskLevel::kAmple, DiskLevel::kLow, 300},
                                    {DiskLevel::kLow, DiskLevel::kFull, 50},
                                    {DiskLevel::kFull, DiskLevel::kAmple, 1'000}};
  EXPECT_EQ(told_, expected);
}

TEST_F(DiskWatchTest, AVolumeThatCannotBeAskedStaysWhatItWas) {
  Look(50);
  Look(absl::UnavailableError("ask for the free space: Input/output error"));
  Look(absl::UnavailableError("ask for the free space: Input/output error"));
  EXPECT_TRUE(stats_.is_disk_full);
  EXPECT_EQ(stats_.disk_spare_bytes, 50);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(DiskWatchTest, LooksBeforeStartReturns) {
  measured_ = 50;
  watch_.Start();
  EXPECT_TRUE(stats_.is_disk_full);
  watch_.Stop();
  EXPECT_EQ(told_.size(), 1U);
}

}  // namespace
}  // namespace tipgate

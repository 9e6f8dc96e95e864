// A real gate on a real disk is killed again and again, at named points and at random moments,
// while eight clients tip. docs/testing.md says what that proves.
//
// TIPGATE_CRASH_SEED draws other rounds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "absl/strings/numbers.h"
#include "tests/crash/crash_run.h"
#include "tests/crash/schedule.h"

namespace tipgate::crash {
namespace {

constexpr int64_t kRounds = 50;
// Cases of ctest, so that cores share them. Each takes points of its own.
constexpr int kSlices = 2;

uint64_t Seed() {
  uint64_t seed = std::random_device()();
  const char* const told = std::getenv("TIPGATE_CRASH_SEED");
  const bool is_number = told == nullptr || absl::SimpleAtoi(told, &seed);
  EXPECT_TRUE(is_number) << told;
  return seed;
}

class RealCrash : public ::testing::TestWithParam<int> {};

TEST_P(RealCrash, NothingIsLostNothingDoubledNothingOverALimit) {
  RunOptions options{
      .seed = Seed(), .rounds = kRounds / kSlices, .slice = GetParam(), .slices_count = kSlices};
  std::cout << "seed " << options.seed << std::endl;
  const Report report = RunCrashes(options);
  std::cout << PointsOf(report) << SummaryOf(report) << std::endl;
  ASSERT_EQ(report.fault, "") << "Rerun with: ./dev crash --seed " << options.seed;
  EXPECT_EQ(report.losses.lost, 0);
  EXPECT_EQ(report.losses.doubled, 0);
  EXPECT_EQ(report.losses.over_limit, 0);
  EXPECT_GT(report.acknowledged_count, 0);
  EXPECT_GT(report.retries_count, 0) << "no death has hit a call";
  // Every point must have been reached, or its absence would prove nothing.
  for (const KillPoint* point : Schedule(GetParam(), kSlices, "").All()) {
    EXPECT_TRUE(report.strikes.contains(point->name)) << point->name << " was never reached";
  }
}

INSTANTIATE_TEST_SUITE_P(Slices, RealCrash, ::testing::Range(0, kSlices));

TEST(KillPoints, HaveDistinctNames) {
  EXPECT_GE(KillPoints().size(), 20U);
  for (const KillPoint& point : KillPoints()) EXPECT_EQ(FindKillPoint(point.name), &point);
}

}  // namespace
}  // namespace tipgate::crash

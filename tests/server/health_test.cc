#include "server/health.h"

#include <gtest/gtest.h>

#include <vector>

namespace tipgate {
namespace {

const absl::Status kJumped = absl::UnavailableError("the clock jumped");

TEST(Health, ServesOnlyFromBeginningToEnd) {
  Health health;
  EXPECT_EQ(health.Get().message(), "not serving");
  health.SetServing(true);
  EXPECT_TRUE(health.Get().ok());
  health.SetServing(false);
  EXPECT_EQ(health.Get().message(), "not serving");
}

TEST(Health, DoesNotServeWhileTheClockIsRefused) {
  Health health;
  health.SetServing(true);
  health.SetClock(kJumped);
  EXPECT_EQ(health.Get(), kJumped);
  health.SetClock(absl::OkStatus());
  EXPECT_TRUE(health.Get().ok());
}

TEST(Health, DoesNotServeWhileTheDiskIsNearlyFull) {
  const absl::Status full = absl::UnavailableError("every change is refused");
  Health health;
  health.SetDisk(full);
  EXPECT_EQ(health.Get().message(), "not serving");
  health.SetServing(true);
  EXPECT_EQ(health.Get(), full);
  health.SetClock(kJumped);
  EXPECT_EQ(health.Get(), kJumped);
  health.SetClock(absl::OkStatus());
  health.SetDisk(absl::OkStatus());
  EXPECT_TRUE(health.Get().ok());
}

TEST(Health, AClockThatComesBackDoesNotBringAnEndedGateBack) {
  Health health;
  health.SetServing(true);
  health.SetClock(kJumped);
  health.SetServing(false);
  health.SetClock(absl::OkStatus());
  EXPECT_EQ(health.Get().message(), "not serving");
}

TEST(Health, AListenerIsToldWhatIsAndWhatChangesUntilItGoes) {
  Health health;
  std::vector<bool> told;
  health.SetListener([&](bool is_serving) { told.push_back(is_serving); });
  health.SetServing(true);
  health.SetClock(kJumped);
  health.SetClock(absl::OkStatus());
  health.SetListener(nullptr);
  health.SetServing(false);
  EXPECT_EQ(told, std::vector<bool>({false, true, false, true}));
}

}  // namespace
}  // namespace tipgate

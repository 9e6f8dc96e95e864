#include "core/resident_filter.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

constexpr int64_t kPayersMax = 1'000;

TEST(ResidentFilter, KnowsWhoIsThereAndForgetsWhoLeaves) {
  ResidentFilter filter(kPayersMax);
  EXPECT_FALSE(filter.MayContain(PayerId(1)));
  filter.Insert(PayerId(1));
  EXPECT_TRUE(filter.MayContain(PayerId(1)));
  filter.Erase(PayerId(1));
  EXPECT_FALSE(filter.MayContain(PayerId(1)));
}

// Each change of a payer's facts says again that they are there.
TEST(ResidentFilter, SaidAgainIsSaidOnce) {
  ResidentFilter filter(kPayersMax);
  for (int i = 0; i < 10; ++i) filter.Insert(PayerId(1));
  filter.Erase(PayerId(1));
  EXPECT_FALSE(filter.MayContain(PayerId(1)));
}

}  // namespace
}  // namespace tipgate

#include "bench/load_zipf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tipgate {
namespace {

constexpr int kDraws = 400'000;

std::vector<int> Drawn(uint32_t count, double exponent) {
  const Zipf zipf(count, exponent);
  std::mt19937_64 random(11);
  std::vector<int> drawn(count);
  for (int i = 0; i < kDraws; ++i) ++drawn.at(zipf.Draw(random));
  return drawn;
}

TEST(Zipf, SharesAreInProportionToTheRank) {
  const std::vector<int> drawn = Drawn(50, 1.0);
  double harmonic = 0;
  for (int rank = 1; rank <= 50; ++rank) harmonic += 1.0 / rank;
  for (int rank = 1; rank <= 50; ++rank) {
    const double expected = kDraws / harmonic / rank;
    EXPECT_NEAR(drawn[static_cast<size_t>(rank - 1)], expected, 6 * std::sqrt(expected)) << rank;
  }
}

TEST(Zipf, ExponentZeroIsUniform) {
  constexpr int kExpected = kDraws / 10;
  for (const int count : Drawn(10, 0)) EXPECT_NEAR(count, kExpected, 6 * std::sqrt(kExpected));
}

TEST(Zipf, OneThingIsAlwaysDrawn) { EXPECT_EQ(Drawn(1, 1.0).front(), kDraws); }

TEST(Zipf, TheSameSeedDrawsTheSame) {
  const Zipf zipf(1'000, 1.1);
  std::mt19937_64 first(3);
  std::mt19937_64 second(3);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(zipf.Draw(first), zipf.Draw(second));
}

TEST(DrawUniform, StaysBelowTheCount) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1'000; ++i) EXPECT_LT(DrawUniform(random, 3), 3U);
  EXPECT_EQ(DrawUniform(random, 1), 0U);
}

}  // namespace
}  // namespace tipgate

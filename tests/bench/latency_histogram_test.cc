#include "bench/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace tipgate {
namespace {

// The value that `numerator / denominator` of the sorted samples do not exceed.
int64_t ExactQuantile(const std::vector<int64_t>& sorted, int64_t numerator, int64_t denominator) {
  const auto count = static_cast<int64_t>(sorted.size());
  const int64_t rank = (count * numerator + denominator - 1) / denominator;
  return sorted[static_cast<size_t>(rank - 1)];
}

std::vector<int64_t> RandomLatencies(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(13, 2);  // Around 0.4 ms, with a long tail.
  std::vector<int64_t> values(count);
  for (int64_t& value : values) value = static_cast<int64_t>(latency(random));
  return values;
}

TEST(LatencyHistogram, WithoutSamplesEverythingIsZero) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.Quantile(1, 2), absl::ZeroDuration());
  EXPECT_EQ(histogram.max(), absl::ZeroDuration());
}

TEST(LatencyHistogram, QuantilesAreNeverBelowTheExactOnesAndLessThanOnePercentAbove) {
  std::vector<int64_t> values = RandomLatencies(50'000, 7);
  LatencyHistogram histogram;
  for (int64_t value : values) histogram.Record(value);
  std::sort(values.begin(), values.end());
  for (const int64_t permille : {1, 10, 250, 500, 900, 990, 999, 1000}) {
    const int64_t exact = ExactQuantile(values, permille, 1000);
    const int64_t read = absl::ToInt64Nanoseconds(histogram.Quantile(permille, 1000));
    EXPECT_GE(read, exact) << permille;
    EXPECT_LE(read - exact, exact / 100) << permille;
  }
}

TEST(LatencyHistogram, SmallValuesAreExact) {
  for (int64_t value = 0; value < 256; ++value) {
    LatencyHistogram histogram;
    histogram.Record(value);
    histogram.Record(1'000'000);  // So that the maximum does not correct the answer.
    EXPECT_EQ(histogram.Quantile(1, 2), absl::Nanoseconds(value));
  }
}

TEST(LatencyHistogram, BucketBoundsHoldAtEveryPowerOfTwo) {
  for (int bit = 8; bit < 40; ++bit) {
    for (const int64_t offset : {-1, 0, 1}) {
      const int64_t value = (int64_t{1} << bit) + offset;
      LatencyHistogram histogram;
      histogram.Record(value);
      histogram.Record(LatencyHistogram::kValueMaxNs);
      const int64_t read = absl::ToInt64Nanoseconds(histogram.Quantile(1, 2));
      EXPECT_GE(read, value);
      EXPECT_LE(read - value, value / 128);
    }
  }
}

TEST(LatencyHistogram, TheWholeQuantileIsTheTrueMaximum) {
  LatencyHistogram histogram;
  histogram.Record(1);
  histogram.Record(1'234'567);
  EXPECT_EQ(histogram.Quantile(1, 1), absl::Nanoseconds(1'234'567));
}

TEST(LatencyHistogram, MergedIsTheSameAsRecordedTogether) {
  LatencyHistogram together;
  LatencyHistogram first;
  LatencyHistogram second;
  for (int64_t value : RandomLatencies(1'000, 1)) together.Record(value), first.Record(value);
  for (int64_t value : RandomLatencies(3'000, 2)) together.Record(value), second.Record(value);
  first.Merge(second);
  EXPECT_EQ(first.count(), together.count());
  EXPECT_EQ(first.max(), together.max());
  for (int64_t percent = 1; percent <= 100; ++percent) {
    EXPECT_EQ(first.Quantile(percent, 100), together.Quantile(percent, 100)) << percent;
  }
}

TEST(LatencyHistogram, ValuesBeyondTheRangeCountAsItsBounds) {
  LatencyHistogram histogram;
  histogram.Record(-5);
  histogram.Record(LatencyHistogram::kValueMaxNs + 1);
  histogram.Record(INT64_MAX);
  EXPECT_EQ(histogram.count(), 3);
  EXPECT_EQ(histogram.Quantile(1, 3), absl::ZeroDuration());
  EXPECT_EQ(histogram.Quantile(2, 3), absl::Nanoseconds(LatencyHistogram::kValueMaxNs));
  EXPECT_EQ(histogram.max(), absl::Nanoseconds(INT64_MAX));
}

}  // namespace
}  // namespace tipgate

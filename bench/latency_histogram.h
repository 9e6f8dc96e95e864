#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace tipgate {

// Counts latencies in log-linear buckets, so that percentiles of any number of samples need 35 KiB.
// Integers only. Not thread-safe: one a thread, merged at the end.
//
// 1. Each power of two of nanoseconds is cut into 128 buckets of one width: what is read back is
// never below the
//    recorded value and less than 1/128 (0.8 %) above it; below 256 ns it is exact.
// 2. Values outside 0 .. kValueMaxNs are counted as the nearest bound; max() still tells the true
// largest one.
class LatencyHistogram {
 public:
  static constexpr int64_t kValueMaxNs = (int64_t{1} << 40) - 1;  // 18 minutes

  void Record(int64_t latency_ns);
  void Merge(const LatencyHistogram& other);

  int64_t count() const { return count_; }
  absl::Duration max() const { return absl::Nanoseconds(max_ns_); }

  // The smallest recorded value, within invariant 1, that at least numerator / denominator of all
  // samples do not exceed: Quantile(999, 1000) is p99.9. Zero without samples. 0 < numerator <=
  // denominator <= 1,000,000.
  absl::Duration Quantile(int64_t numerator, int64_t denominator) const;

 private:
  static constexpr int kSubBits = 7;
  static constexpr int kValueBits = 40;
  // Values below 2^(kSubBits + 1) have a bucket each; every further power of two adds 2^kSubBits.
  static constexpr size_t kBucketCount = size_t{kValueBits - kSubBits + 1} << kSubBits;

  static size_t BucketOf(int64_t value_ns);
  static int64_t LargestIn(size_t bucket);

  std::array<int64_t, kBucketCount> counts_{};
  int64_t count_ = 0;
  int64_t max_ns_ = 0;
};

}  // namespace tipgate

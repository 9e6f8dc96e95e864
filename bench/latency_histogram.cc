#include "bench/latency_histogram.h"

#include <algorithm>
#include <bit>

namespace tipgate {

void LatencyHistogram::Record(int64_t latency_ns) {
  ++counts_[BucketOf(std::clamp<int64_t>(latency_ns, 0, kValueMaxNs))];
  ++count_;
  max_ns_ = std::max(max_ns_, latency_ns);
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (size_t i = 0; i < kBucketCount; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

absl::Duration LatencyHistogram::Quantile(int64_t numerator, int64_t denominator) const {
  if (count_ == 0) return absl::ZeroDuration();
  // ceil(count * numerator / denominator) in two steps, so that a large count does not overflow.
  const int64_t whole = count_ / denominator * numerator;
  const int64_t rest = count_ % denominator * numerator;
  const int64_t rank = whole + (rest + denominator - 1) / denominator;
  int64_t seen = 0;
  for (size_t i = 0; i < kBucketCount; ++i) {
    seen += counts_[i];
    if (seen >= rank) return absl::Nanoseconds(std::min(LargestIn(i), max_ns_));
  }
  return max();
}

// The bits below the top kSubBits + 1 of a value are dropped; what is left, and how many were
// dropped, name the bucket.
size_t LatencyHistogram::BucketOf(int64_t value_ns) {
  const auto value = static_cast<uint64_t>(value_ns);
  const int dropped = std::max(0, static_cast<int>(std::bit_width(value)) - (kSubBits + 1));
  return (static_cast<size_t>(dropped) << kSubBits) + static_cast<size_t>(value >> dropped);
}

int64_t LatencyHistogram::LargestIn(size_t bucket) {
  constexpr size_t kSubCount = size_t{1} << kSubBits;
  if (bucket < 2 * kSubCount) return static_cast<int64_t>(bucket);
  const auto dropped = static_cast<int>(bucket / kSubCount) - 1;
  const size_t kept = bucket - (static_cast<size_t>(dropped) << kSubBits);
  return static_cast<int64_t>(((uint64_t{kept} + 1) << dropped) - 1);
}

}  // namespace tipgate

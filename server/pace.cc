#include "server/pace.h"

namespace tipgate {
namespace {

// A smaller batch takes its time mostly for its fsync, and tells nothing of the pace of many.
constexpr int64_t kFullBatch = 256;
// The estimate follows within so many requests.
constexpr int64_t kWindow = 65'536;
// One batch moves the time from decision to answer by one in so many: a single slow fsync is no
// reason to refuse those who waited for it.
constexpr int64_t kRestSmoothing = 16;
// What is left to the caller must be so many times the mean, or half of the answers are late.
constexpr int64_t kRestMargin = 2;
// A batch that is not full shows that nothing piles up: so much of the past is forgotten then.
constexpr int64_t kForgetting = 64;

}  // namespace

void Pace::NoteBatch(int64_t requests_count, int64_t busy_ns, int64_t age_ns) {
  mean_rest_ns_ += (age_ns - mean_rest_ns_) / kRestSmoothing;
  rest_ns_.store(kRestMargin * mean_rest_ns_, std::memory_order_relaxed);
  if (requests_count >= kFullBatch) {
    requests_count_ += requests_count;
    busy_ns_ += busy_ns;
  } else {
    busy_ns_ -= busy_ns_ / kForgetting;
  }
  if (requests_count_ >= 2 * kWindow) {
    requests_count_ /= 2;
    busy_ns_ /= 2;
  }
  if (requests_count_ == 0) return;
  request_ps_.store(busy_ns_ * 1'000 / requests_count_, std::memory_order_relaxed);
}

}  // namespace tipgate

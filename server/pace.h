#pragma once

#include <atomic>
#include <cstdint>

namespace tipgate {

// How quickly the pipeline works, told from how the last batches went: so callers who could not be
// answered in time are told so at once, instead of after they have waited, and what is decided is
// what somebody still waits for.
//
// It goes by estimates, and refuses nobody for whom the queue is not the reason: a deadline that is
// too short for an idle gate is its caller's choice. NoteBatch: one thread; all else: any.
class Pace {
 public:
  // A batch was answered. `busy_ns`: since it was begun, or since the one before was answered if
  // that was later. `age_ns`: since it was begun.
  void NoteBatch(int64_t requests_count, int64_t busy_ns, int64_t age_ns);

  // Nanoseconds until so many requests have been worked through.
  int64_t QueueNs(int64_t requests_count) const {
    return requests_count * request_ps_.load(std::memory_order_relaxed) / 1'000;
  }
  // Nanoseconds from a decision to its answer, with a margin.
  int64_t rest_ns() const { return rest_ns_.load(std::memory_order_relaxed); }

  // Whether a job with so much time left will be answered too late behind so many requests. Half of
  // its time is for the way here and back, of which the gate sees nothing: what has waited in the
  // network has less left than it seems. A longer queue would not let more through.
  bool IsHopeless(int64_t left_ns, int64_t requests_before) const {
    const int64_t queue_ns = QueueNs(requests_before);
    return queue_ns > left_ns / 4 && queue_ns + rest_ns() > left_ns / 2;
  }
  // Whether a job that has waited for its turn so long will be answered too late.
  bool HasWaitedTooLong(int64_t left_ns, int64_t waited_ns) const {
    return waited_ns >= left_ns && left_ns < rest_ns();
  }

 private:
  // Of the last full batches together.
  int64_t requests_count_ = 0;
  int64_t busy_ns_ = 0;
  int64_t mean_rest_ns_ = 0;
  std::atomic<int64_t> request_ps_{0};  // picoseconds a request
  std::atomic<int64_t> rest_ns_{0};
};

}  // namespace tipgate

#pragma once

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "server/rpc.h"
#include "server/stats.h"

namespace tipgate {

// Tells operators of stored bytes that a read found damaged, or that a verification found wrong:
// each time is counted, and one line in a while is logged, however often callers ask. Any thread.
class DamageAlarm {
 public:
  // Least time between two lines, in nanoseconds of the steady clock.
  static constexpr int64_t kLineIntervalNs = 10'000'000'000;

  // Both outlive this.
  DamageAlarm(SharedCounter* count, const Clock* clock) : count_(*count), clock_(*clock) {}

  // `what` cannot be read, and `why`: a line for people, without ids of people.
  void Raise(absl::string_view what, absl::string_view why);

 private:
  SharedCounter& count_;
  const Clock& clock_;
  absl::Mutex mutex_;
  bool has_told_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t tell_time_ns_ ABSL_GUARDED_BY(mutex_) = 0;  // of the last line
  int64_t untold_count_ ABSL_GUARDED_BY(mutex_) = 0;  // since then
};

}  // namespace tipgate

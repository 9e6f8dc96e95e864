#pragma once

#include <atomic>
#include <cstdint>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tipgate {

// Tells watchers that the journal has become longer. Costs two loads and a store where nobody
// waits.
//
// Notify: one thread. AwaitSequence: any thread.
class DurableSignal {
 public:
  // Entries up to this one are durable.
  void Notify(int64_t sequence);

  // Returns once Notify has told of this entry or a later one, or when the time is over.
  void AwaitSequence(int64_t sequence, absl::Duration timeout);

 private:
  std::atomic<int64_t> sequence_{0};
  std::atomic<int64_t> waiters_count_{0};
  absl::Mutex mutex_;
  absl::CondVar has_grown_;
};

}  // namespace tipgate

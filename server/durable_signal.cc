#include "server/durable_signal.h"

#include "absl/time/clock.h"

namespace tipgate {

// Either Notify sees the waiter, or the waiter sees the sequence: both orders are sequentially
// consistent.
void DurableSignal::Notify(int64_t sequence) {
  sequence_.store(sequence);
  if (waiters_count_.load() == 0) return;
  absl::MutexLock lock(&mutex_);
  has_grown_.SignalAll();
}

void DurableSignal::AwaitSequence(int64_t sequence, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  absl::MutexLock lock(&mutex_);
  waiters_count_.fetch_add(1);
  while (sequence_.load() < sequence && !has_grown_.WaitWithDeadline(&mutex_, deadline)) {
  }
  waiters_count_.fetch_sub(1);
}

}  // namespace tipgate

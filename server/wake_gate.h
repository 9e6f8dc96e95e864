#pragma once

#include <atomic>
#include <cstdint>

#include "server/atomics.h"

namespace tipgate {

// Lets one thread sleep until others have something for it, without a mutex and without spinning: a
// futex that is only touched when somebody sleeps.
//
// The sleeper: Prepare, look once more whether there is work, then Wait (or simply go on). The
// others: make the work visible, then Wake.
template <typename Atomics>
class BasicWakeGate {
 public:
  // The ticket to wait with.
  uint32_t Prepare() {
    const uint32_t ticket = epoch_.load(std::memory_order_acquire);
    // All sides exchange one flag, so one of the two comes later: a later waker sees the sleeper, a
    // later sleeper's look at the work sees what the waker has made visible.
    is_waiting_.exchange(true, std::memory_order_acq_rel);
    return ticket;
  }

  // Sleeps until a Wake after Prepare, or until the time is over; may return early.
  void Wait(uint32_t ticket, int64_t timeout_ns) {
    Atomics::SleepWhile(epoch_, ticket, timeout_ns);
    is_waiting_.exchange(false, std::memory_order_acq_rel);
  }

  void Wake() {
    if (!is_waiting_.exchange(false, std::memory_order_acq_rel)) return;
    epoch_.fetch_add(1, std::memory_order_release);
    Atomics::WakeOne(epoch_);
  }

 private:
  typename Atomics::template Atomic<uint32_t> epoch_{0};
  typename Atomics::template Atomic<bool> is_waiting_{false};
};

extern template class BasicWakeGate<StdAtomics>;
using WakeGate = BasicWakeGate<StdAtomics>;

}  // namespace tipgate

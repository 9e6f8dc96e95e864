#pragma once

#include <atomic>
#include <cstdint>

namespace tipgate {

// Lets one thread sleep until others have something for it, without a mutex and without spinning: a
// futex that is only touched when somebody sleeps.
//
// The sleeper: Prepare, look once more whether there is work, then Wait (or simply go on). The
// others: make the work visible, then Wake.
class WakeGate {
 public:
  // The ticket to wait with.
  uint32_t Prepare();

  // Sleeps until a Wake after Prepare, or until the time is over; may return early.
  void Wait(uint32_t ticket, int64_t timeout_ns);

  void Wake();

 private:
  std::atomic<uint32_t> epoch_{0};
  std::atomic<bool> is_waiting_{false};
};

}  // namespace tipgate

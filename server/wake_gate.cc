#include "server/wake_gate.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace tipgate {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;

uint32_t* FutexWord(std::atomic<uint32_t>& word) {
  static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));
  return reinterpret_cast<uint32_t*>(&word);
}

}  // namespace

uint32_t WakeGate::Prepare() {
  const uint32_t ticket = epoch_.load(std::memory_order_acquire);
  // All sides exchange one flag, so one of the two comes later: a later waker sees the sleeper, a
  // later sleeper's look at the work sees what the waker has made visible.
  is_waiting_.exchange(true, std::memory_order_acq_rel);
  return ticket;
}

void WakeGate::Wait(uint32_t ticket, int64_t timeout_ns) {
  const timespec timeout{.tv_sec = timeout_ns / kNanosPerSecond,
                         .tv_nsec = timeout_ns % kNanosPerSecond};
  syscall(SYS_futex, FutexWord(epoch_), FUTEX_WAIT_PRIVATE, ticket, &timeout, nullptr, 0);
  is_waiting_.exchange(false, std::memory_order_acq_rel);
}

void WakeGate::Wake() {
  if (!is_waiting_.exchange(false, std::memory_order_acq_rel)) return;
  epoch_.fetch_add(1, std::memory_order_release);
  syscall(SYS_futex, FutexWord(epoch_), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace tipgate

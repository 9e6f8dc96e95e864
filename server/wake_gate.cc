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

void StdAtomics::SleepWhile(std::atomic<uint32_t>& word, uint32_t value, int64_t timeout_ns) {
  const timespec timeout{.tv_sec = timeout_ns / kNanosPerSecond,
                         .tv_nsec = timeout_ns % kNanosPerSecond};
  syscall(SYS_futex, FutexWord(word), FUTEX_WAIT_PRIVATE, value, &timeout, nullptr, 0);
}

void StdAtomics::WakeOne(std::atomic<uint32_t>& word) {
  syscall(SYS_futex, FutexWord(word), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

template class BasicWakeGate<StdAtomics>;

}  // namespace tipgate

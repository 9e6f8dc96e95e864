#pragma once

#include <cstdint>

namespace tipgate {

// Counts what the whole process does to lock or to wait: link it into a test of its own. Sanitizers
// have their own versions of these functions; under them nothing is counted.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kCountsLocks = false;
#else
inline constexpr bool kCountsLocks = true;
#endif

// Calls so far that take or try a mutex of pthread (std::mutex is one) or of Abseil, take a lock
// for readers and writers or a semaphore, or wait for a condition variable of either; and those
// that go to the kernel through syscall(), as who waits on a futex does. Not counted is what does
// none of these: an absl::Mutex::Await or LockWhen that need not wait.
int64_t LocksCount();

}  // namespace tipgate

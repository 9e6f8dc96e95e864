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

// Calls so far that take a mutex of pthread (std::mutex is one) or of Abseil, a lock for readers
// and writers or a semaphore, or that go to the kernel through syscall(), as who waits on a futex
// does.
int64_t LocksCount();

}  // namespace tipgate

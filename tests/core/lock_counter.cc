#include "tests/core/lock_counter.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cstdlib>

#include "absl/synchronization/mutex.h"

namespace {

std::atomic<int64_t> locks_count{0};

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// Counts a call and passes it on to the function that this program's own one of that name hides.
template <typename... Arguments>
auto PassOn(const char* name, Arguments... arguments) {
  ++locks_count;
  void* const hidden = dlsym(RTLD_NEXT, name);
  if (hidden == nullptr) std::abort();
  return reinterpret_cast<long (*)(Arguments...)>(hidden)(arguments...);
}

#endif

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// What is defined here takes the place of the functions of the shared libraries.
extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  return static_cast<int>(PassOn("pthread_mutex_lock", mutex));
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  return static_cast<int>(PassOn("pthread_mutex_trylock", mutex));
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  return static_cast<int>(PassOn("pthread_rwlock_rdlock", lock));
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  return static_cast<int>(PassOn("pthread_rwlock_wrlock", lock));
}
int sem_wait(sem_t* semaphore) { return static_cast<int>(PassOn("sem_wait", semaphore)); }
long syscall(long number, ...) noexcept {
  __builtin_va_list list;
  __builtin_va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = __builtin_va_arg(list, long);
  __builtin_va_end(list);
  return PassOn("syscall", number, arguments[0], arguments[1], arguments[2], arguments[3],
                arguments[4], arguments[5]);
}

}  // extern "C"

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() { PassOn("_ZN4absl7debian35Mutex4LockEv", this); }
void Mutex::ReaderLock() { PassOn("_ZN4absl7debian35Mutex10ReaderLockEv", this); }

ABSL_NAMESPACE_END
}  // namespace absl

#endif

namespace tipgate {

int64_t LocksCount() { return locks_count; }

}  // namespace tipgate

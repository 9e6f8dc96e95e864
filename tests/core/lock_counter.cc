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
template <typename Result, typename... Arguments>
Result PassOn(const char* name, Arguments... arguments) {
  ++locks_count;
  void* const hidden = dlsym(RTLD_NEXT, name);
  if (hidden == nullptr) std::abort();
  return reinterpret_cast<Result (*)(Arguments...)>(hidden)(arguments...);
}

#endif

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// What is defined here takes the place of the functions of the shared libraries.
extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  return PassOn<int>("pthread_mutex_lock", mutex);
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  return PassOn<int>("pthread_mutex_trylock", mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  return PassOn<int>("pthread_rwlock_rdlock", lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  return PassOn<int>("pthread_rwlock_wrlock", lock);
}
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return PassOn<int>("pthread_cond_wait", condition, mutex);
}
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* deadline) {
  return PassOn<int>("pthread_cond_timedwait", condition, mutex, deadline);
}
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* deadline) {
  return PassOn<int>("pthread_cond_clockwait", condition, mutex, clock, deadline);
}
int sem_wait(sem_t* semaphore) { return PassOn<int>("sem_wait", semaphore); }
long syscall(long number, ...) noexcept {
  __builtin_va_list list;
  __builtin_va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = __builtin_va_arg(list, long);
  __builtin_va_end(list);
  return PassOn<long>("syscall", number, arguments[0], arguments[1], arguments[2], arguments[3],
                      arguments[4], arguments[5]);
}

}  // extern "C"

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() { PassOn<void>("_ZN4absl7debian35Mutex4LockEv", this); }
void Mutex::ReaderLock() { PassOn<void>("_ZN4absl7debian35Mutex10ReaderLockEv", this); }
bool Mutex::TryLock() { return PassOn<bool>("_ZN4absl7debian35Mutex7TryLockEv", this); }
bool Mutex::ReaderTryLock() {
  return PassOn<bool>("_ZN4absl7debian35Mutex13ReaderTryLockEv", this);
}
void CondVar::Wait(Mutex* mutex) {
  PassOn<void>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE", this, mutex);
}
bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  return PassOn<bool>("_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE", this,
                      mutex, timeout);
}
bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  return PassOn<bool>("_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE", this,
                      mutex, deadline);
}

ABSL_NAMESPACE_END
}  // namespace absl

#endif

namespace tipgate {

int64_t LocksCount() { return locks_count; }

}  // namespace tipgate

#include "server/thread.h"

#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>

#include "core/check.h"

namespace tipgate {
namespace {

constexpr int kLowNice = 5;

}  // namespace

void NameThread(const char* name) { TIPGATE_CHECK(pthread_setname_np(pthread_self(), name) == 0); }

// On Linux each thread has a priority of its own. Where a sandbox forbids the change, all stays as
// it was.
void LowerThreadPriority() {
  const int now = getpriority(PRIO_PROCESS, 0);
  static_cast<void>(setpriority(PRIO_PROCESS, 0, std::max(now, kLowNice)));
}

}  // namespace tipgate

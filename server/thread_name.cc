#include "server/thread_name.h"

#include <pthread.h>

#include "core/check.h"

namespace tipgate {

void NameThread(const char* name) { TIPGATE_CHECK(pthread_setname_np(pthread_self(), name) == 0); }

}  // namespace tipgate

#include "server/termination.h"

#include <ctime>

namespace tipgate {

Termination::Termination() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

bool Termination::Await(absl::Duration timeout) const {
  const timespec wait = absl::ToTimespec(timeout);
  return sigtimedwait(&signals_, nullptr, &wait) > 0;
}

}  // namespace tipgate

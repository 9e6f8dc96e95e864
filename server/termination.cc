#include "server/termination.h"

#include <ctime>

namespace tipgate {
namespace {

// A blocked signal comes although it is ignored.
bool IsIgnored(int signal_number) {
  struct sigaction action {};
  return sigaction(signal_number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Termination::Termination() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  if (!IsIgnored(SIGHUP)) sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

bool Termination::Await(absl::Duration timeout) const {
  const timespec wait = absl::ToTimespec(timeout);
  return sigtimedwait(&signals_, nullptr, &wait) > 0;
}

}  // namespace tipgate

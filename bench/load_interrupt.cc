#include "bench/load_interrupt.h"

#include <atomic>
#include <csignal>

namespace tipgate {
namespace {

// A signal handler can reach nothing but a global.
std::atomic<bool> is_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { is_interrupted = true; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool IsInterrupted() { return is_interrupted; }

}  // namespace tipgate

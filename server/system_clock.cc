#include "server/system_clock.h"

#include <ctime>

namespace tipgate {
namespace {

int64_t ReadNs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

int64_t SystemClock::WallNs() const { return ReadNs(CLOCK_REALTIME); }
// CLOCK_BOOTTIME also counts while the machine sleeps: waking up is no jump of the wall clock.
int64_t SystemClock::SteadyNs() const { return ReadNs(CLOCK_BOOTTIME); }

}  // namespace tipgate

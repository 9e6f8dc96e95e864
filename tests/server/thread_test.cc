#include "server/thread.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

namespace tipgate {
namespace {

int Nice() { return getpriority(PRIO_PROCESS, 0); }

TEST(Thread, OnlyTheCallingThreadGetsALowerPriority) {
  const int before = Nice();
  int lowered = 0;
  int lowered_again = 0;
  std::thread thread([&] {
    LowerThreadPriority();
    lowered = Nice();
    LowerThreadPriority();
    lowered_again = Nice();
  });
  thread.join();
  EXPECT_GE(lowered, 5);
  EXPECT_EQ(lowered_again, lowered);
  EXPECT_EQ(Nice(), before);
}

}  // namespace
}  // namespace tipgate

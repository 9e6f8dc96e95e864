#include "server/termination.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

TEST(Termination, ComesByEachOfItsSignalsOnce) {
  const Termination termination;
  EXPECT_FALSE(termination.Await(absl::ZeroDuration()));
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    ASSERT_EQ(raise(signal), 0);
    EXPECT_TRUE(termination.Await(absl::Minutes(1)));
    EXPECT_FALSE(termination.Await(absl::ZeroDuration()));
  }
}

// As under nohup.
TEST(Termination, LeavesAHangupAloneThatIsIgnored) {
  const auto before = signal(SIGHUP, SIG_IGN);
  sigset_t hangup;
  sigemptyset(&hangup);
  sigaddset(&hangup, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &hangup, nullptr);
  const Termination termination;
  ASSERT_EQ(raise(SIGHUP), 0);
  EXPECT_FALSE(termination.Await(absl::ZeroDuration()));
  signal(SIGHUP, before);
}

}  // namespace
}  // namespace tipgate

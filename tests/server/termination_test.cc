#include "server/termination.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

TEST(Termination, ComesBySigtermAndBySigintOnce) {
  const Termination termination;
  EXPECT_FALSE(termination.Await(absl::ZeroDuration()));
  for (const int signal : {SIGTERM, SIGINT}) {
    ASSERT_EQ(raise(signal), 0);
    EXPECT_TRUE(termination.Await(absl::Minutes(1)));
    EXPECT_FALSE(termination.Await(absl::ZeroDuration()));
  }
}

}  // namespace
}  // namespace tipgate

#include "cli/progress_bar.h"

#include "gtest/gtest.h"

namespace tipgate {
namespace {

TEST(ProgressText, GrowsFromEmptyToFull) {
  EXPECT_EQ(ProgressText(0, 200), "[>                                       ]   0%  0/200 entries");
  EXPECT_EQ(ProgressText(50, 200),
            "[==========>                             ]  25%  50/200 entries");
  EXPECT_EQ(ProgressText(200, 200),
            "[========================================] 100%  200/200 entries");
}

TEST(ProgressText, AnEmptyJournalIsComplete) {
  EXPECT_EQ(ProgressText(0, 0), "[========================================] 100%  0/0 entries");
}

TEST(ProgressText, MoreThanTheTotalStaysFull) {
  EXPECT_EQ(ProgressText(7, 5), "[========================================] 100%  7/5 entries");
}

}  // namespace
}  // namespace tipgate

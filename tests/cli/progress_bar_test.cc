#include "cli/progress_bar.h"

#include "gtest/gtest.h"

namespace tipgate {
namespace {

TEST(ProgressText, GrowsFromEmptyToFull) {
  EXPECT_EQ(ProgressText(0, 200, "entries"),
            "[>                                       ]   0%  0/200 entries");
  EXPECT_EQ(ProgressText(50, 200, "entries"),
            "[==========>                             ]  25%  50/200 entries");
  EXPECT_EQ(ProgressText(200, 200, "entries"),
            "[========================================] 100%  200/200 entries");
}

TEST(ProgressText, AnEmptyJournalIsComplete) {
  EXPECT_EQ(ProgressText(0, 0, "entries"),
            "[========================================] 100%  0/0 entries");
}

TEST(ProgressText, MoreThanTheTotalStaysFull) {
  EXPECT_EQ(ProgressText(7, 5, "tips"),
            "[========================================] 100%  7/5 tips");
}

}  // namespace
}  // namespace tipgate

#include "cli/display_text.h"

#include "gtest/gtest.h"

namespace tipgate {
namespace {

TEST(DisplayWidth, CountsColumnsAndNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0U);
  EXPECT_EQ(DisplayWidth("abc"), 3U);
  EXPECT_EQ(DisplayWidth("500‰"), 4U);
  EXPECT_EQ(DisplayWidth("打赏"), 4U);
  EXPECT_EQ(DisplayWidth("🚀x"), 3U);
}

TEST(DisplayWidth, EndsOnCutUtf8) {
  EXPECT_EQ(DisplayWidth("a\xE6\x89"), 2U);
  EXPECT_EQ(DisplayWidth("\xFF"), 1U);
}

TEST(EscapeControls, LeavesTextAlone) {
  EXPECT_EQ(EscapeControls("tip-1 打赏 é 500‰"), "tip-1 打赏 é 500‰");
}

TEST(EscapeControls, ShowsAsciiAndC1Controls) {
  EXPECT_EQ(EscapeControls("a\tb\x7F"), "a\\x09b\\x7f");
  EXPECT_EQ(EscapeControls("\xC2\x9B"
                           "31m"),
            "\\x9b31m");
}

TEST(EscapeControls, LeavesTheFirstPrintableAfterC1Alone) {
  EXPECT_EQ(EscapeControls("\xC2\xA0"), "\xC2\xA0");
  EXPECT_EQ(EscapeControls("\xC2"), "\xC2");
}

}  // namespace
}  // namespace tipgate

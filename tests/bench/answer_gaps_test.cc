#include "bench/answer_gaps.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

constexpr int64_t kMs = 1'000'000;

TEST(AnswerGaps, OnlyGapsLongerThanTheBoundAreStalls) {
  AnswerGaps gaps(0);
  gaps.NoteAnswer(0, 50 * kMs);
  EXPECT_EQ(gaps.stall_count(), 0);
  gaps.NoteAnswer(0, 100 * kMs + 1);
  EXPECT_EQ(gaps.stall_count(), 1);
  gaps.NoteAnswer(0, 110 * kMs);
  EXPECT_EQ(gaps.stall_count(), 1);
  EXPECT_EQ(gaps.longest_ns(), 50 * kMs + 1);
}

TEST(AnswerGaps, AServerThatWasAskedNothingIsNotSilent) {
  AnswerGaps gaps(0);
  gaps.NoteAnswer(990 * kMs, 1'000 * kMs);
  EXPECT_EQ(gaps.stall_count(), 0);
  EXPECT_EQ(gaps.longest_ns(), 10 * kMs);
}

// The clock was read before another worker's answer was noted.
TEST(AnswerGaps, AnswersOutOfOrderMakeNoGap) {
  AnswerGaps gaps(0);
  gaps.NoteAnswer(0, 20 * kMs);
  gaps.NoteAnswer(0, 19 * kMs);
  EXPECT_EQ(gaps.longest_ns(), 20 * kMs);
}

}  // namespace
}  // namespace tipgate

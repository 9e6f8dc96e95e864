#include "server/pace.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

constexpr int64_t kMs = 1'000'000;

TEST(Pace, WithoutABatchNobodyIsTooLate) {
  const Pace pace;
  EXPECT_FALSE(pace.IsHopeless(1, 1'000'000));
  EXPECT_FALSE(pace.HasWaitedTooLong(1, 1'000 * kMs));
}

TEST(Pace, FullBatchesTellHowLongAQueueTakes) {
  Pace pace;
  pace.NoteBatch(1'000, 2 * kMs, 8 * kMs);
  EXPECT_EQ(pace.QueueNs(10'000), 20 * kMs);
  EXPECT_EQ(pace.rest_ns(), 1 * kMs);
  EXPECT_TRUE(pace.IsHopeless(2 * 21 * kMs - 1, 10'000));
  EXPECT_FALSE(pace.IsHopeless(2 * 21 * kMs, 10'000));
}

// A short deadline is its caller's choice; nothing but the queue is a reason to refuse it.
TEST(Pace, AnIdleGateTriesWhateverTheDeadline) {
  Pace pace;
  for (int i = 0; i < 1'000; ++i) pace.NoteBatch(1'000, 2 * kMs, 8 * kMs);
  EXPECT_FALSE(pace.IsHopeless(1, 0));
  EXPECT_FALSE(pace.IsHopeless(3 * kMs, 300));
  EXPECT_TRUE(pace.IsHopeless(3 * kMs, 400));
}

TEST(Pace, BatchesWithFewRequestsTellNothingOfTheQueue) {
  Pace pace;
  pace.NoteBatch(1, 5 * kMs, 5 * kMs);
  EXPECT_EQ(pace.QueueNs(1'000'000), 0);
}

TEST(Pace, WhatNoFullBatchConfirmsIsForgotten) {
  Pace pace;
  pace.NoteBatch(1'000, 1'000 * kMs, 1'000 * kMs);
  EXPECT_EQ(pace.QueueNs(1), 1 * kMs);
  for (int i = 0; i < 1'000; ++i) pace.NoteBatch(1, kMs, kMs);
  EXPECT_LT(pace.QueueNs(1), kMs / 100);
}

TEST(Pace, FollowsFullBatches) {
  Pace pace;
  for (int i = 0; i < 100; ++i) pace.NoteBatch(8'192, 800 * kMs, 800 * kMs);
  for (int i = 0; i < 100; ++i) pace.NoteBatch(8'192, 8 * kMs, 8 * kMs);
  EXPECT_LT(pace.QueueNs(8'192), 10 * kMs);
  EXPECT_LT(pace.rest_ns(), 20 * kMs);
}

TEST(Pace, WhoHasWaitedMostOfTheirTimeIsTooLateIfTheAnswerTakesLonger) {
  Pace pace;
  for (int i = 0; i < 1'000; ++i) pace.NoteBatch(1, kMs, 4 * kMs);
  const int64_t rest_ns = pace.rest_ns();
  EXPECT_GT(rest_ns, 7 * kMs);
  EXPECT_TRUE(pace.HasWaitedTooLong(rest_ns - 1, rest_ns - 1));
  EXPECT_FALSE(pace.HasWaitedTooLong(rest_ns, rest_ns));
  EXPECT_FALSE(pace.HasWaitedTooLong(rest_ns - 1, rest_ns - 2));
}

// Those who waited for it would all be refused, and the next batch takes no longer than ever.
TEST(Pace, OneSlowFsyncRefusesNobody) {
  Pace pace;
  for (int i = 0; i < 1'000; ++i) pace.NoteBatch(100, 2 * kMs, 2 * kMs);
  pace.NoteBatch(100, 80 * kMs, 80 * kMs);
  EXPECT_FALSE(pace.HasWaitedTooLong(20 * kMs, 80 * kMs));
}

}  // namespace
}  // namespace tipgate

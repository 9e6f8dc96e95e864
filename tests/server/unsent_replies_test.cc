#include "server/unsent_replies.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

constexpr int64_t kBytesMax = 1 << 20;
constexpr absl::Time kStart = absl::UnixEpoch();

class FakeCall final : public UnsentReplies::Call {
 public:
  void GiveUp() override { ++given_up_count; }

  int given_up_count = 0;
};

class UnsentRepliesTest : public testing::Test {
 protected:
  // A reply that takes so much in all.
  UnsentReplies::Place Add(FakeCall& call, int64_t bytes, absl::Time now = kStart) {
    return replies_.Add(&call, bytes - kUnsentCallBytes, now);
  }

  std::atomic<int64_t> bytes_{0};
  SharedCounter refusals_;
  UnsentReplies replies_{{.bytes_max = kBytesMax, .bytes = &bytes_, .refusals = &refusals_}};
  FakeCall first_;
  FakeCall second_;
};

TEST_F(UnsentRepliesTest, RoomIsLeftUntilTheMaximumAndComesBack) {
  const auto first = Add(first_, kBytesMax - 1);
  EXPECT_TRUE(replies_.HasRoom(kStart));
  EXPECT_EQ(refusals_.value(), 0);
  const auto second = replies_.Add(&second_, 0, kStart);
  EXPECT_FALSE(replies_.HasRoom(kStart));
  EXPECT_EQ(refusals_.value(), 1);
  replies_.Remove(first);
  EXPECT_TRUE(replies_.HasRoom(kStart));
  replies_.Remove(second);
  EXPECT_EQ(bytes_.load(), 0);
}

TEST_F(UnsentRepliesTest, AShortReplyCountsItsCallToo) {
  const auto place = replies_.Add(&first_, 1, kStart);
  EXPECT_EQ(bytes_.load(), kUnsentCallBytes + 1);
  replies_.Remove(place);
}

TEST_F(UnsentRepliesTest, OnlyWhoHasWaitedLongIsGivenUpAndOnce) {
  const auto first = Add(first_, kBytesMax);
  const auto second = Add(second_, kBytesMax, kStart + absl::Nanoseconds(1));
  EXPECT_FALSE(replies_.HasRoom(kStart + kUnsentTimeMax - absl::Nanoseconds(1)));
  EXPECT_EQ(first_.given_up_count, 0);
  EXPECT_FALSE(replies_.HasRoom(kStart + kUnsentTimeMax));
  EXPECT_FALSE(replies_.HasRoom(kStart + kUnsentTimeMax));
  EXPECT_EQ(first_.given_up_count, 1);
  EXPECT_EQ(second_.given_up_count, 0);
  replies_.Remove(first);
  replies_.Remove(second);
  EXPECT_EQ(bytes_.load(), 0);
}

TEST_F(UnsentRepliesTest, NobodyIsGivenUpWhileThereIsRoom) {
  const auto place = Add(first_, kBytesMax - 1);
  EXPECT_TRUE(replies_.HasRoom(kStart + 2 * kUnsentTimeMax));
  EXPECT_EQ(first_.given_up_count, 0);
  replies_.Remove(place);
}

}  // namespace
}  // namespace tipgate

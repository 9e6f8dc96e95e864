#include <gtest/gtest.h>

#include "core/key_memory.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

class Idempotency : public ::testing::Test {
 protected:
  Idempotency() { gate_.PutScene(); }

  TipRequest Request() { return gate_.MakeTip(PayerId(1), GiftId(5), 1); }

  CoreGate gate_;
};

TEST_F(Idempotency, ARepeatNamesTheFirstAnswerAndCountsNothing) {
  const TipRequest request = Request();
  const Decided first = gate_.Tip(request);
  const Hash128 before = gate_.Fingerprint();
  const Decided again = gate_.Tip(request);
  ASSERT_TRUE(again.is_replay());
  EXPECT_EQ(std::get<ReplayOf>(again.answer).record, first.id);
  EXPECT_EQ(gate_.Fingerprint(), before);
}

TEST_F(Idempotency, ARejectedTipIsRememberedToo) {
  TipRequest request = Request();
  request.session = SessionId(99);
  const Decided first = gate_.Tip(request);
  EXPECT_FALSE(first.is_accepted());
  EXPECT_TRUE(gate_.Tip(request).is_replay());
}

TEST_F(Idempotency, AKeyTwiceInOneBatchHasOneEffect) {
  const TipRequest request = Request();
  const KeyLookup key = gate_.LookUp(request.intent);
  gate_.Run(TipsCommand{
      .is_dry_run = false, .requests = {request, request}, .keys = {key, key}, .answers = {}});
  EXPECT_EQ(gate_.state.payers.Find(PayerId(1))->tips.day_total, Money(10'000));
}

TEST_F(Idempotency, KeysOfCallersAreApart) {
  EXPECT_NE(HashKey(CallerId{0}, "a"), HashKey(CallerId{1}, "a"));
  EXPECT_NE(HashKey(CallerId{0}, "a"), HashKey(CallerId{0}, "b"));
  EXPECT_NE(HashKey(CallerId{0}, absl::string_view("a\0", 2)), HashKey(CallerId{0}, "a"));
}

TEST_F(Idempotency, AnIntentOlderThanTheMemoryIsRefusedToTheMillisecond) {
  const int64_t retention_ms = CoreGate::DefaultLimits().idempotency_retention_ms;
  TipRequest request = Request();
  request.intent.create_time_ms = gate_.now_ms - retention_ms;
  EXPECT_TRUE(gate_.Tip(request).is_accepted());
  request = Request();
  request.intent.create_time_ms = gate_.now_ms - retention_ms - 1;
  EXPECT_EQ(gate_.Tip(request).error(), ErrorReason::kCreateTimeTooOld);
}

TEST_F(Idempotency, AKnownKeyIsReplayedHoweverOldItsIntentIs) {
  TipRequest request = Request();
  request.intent.create_time_ms = gate_.now_ms;
  gate_.Tip(request);
  gate_.now_ms += CoreGate::DefaultLimits().idempotency_retention_ms + 1;
  EXPECT_TRUE(gate_.Tip(request).is_replay());
}

TEST_F(Idempotency, AnIntentOfTheFutureIsRefusedBeyondTheSkewOfClocks) {
  TipRequest request = Request();
  request.intent.create_time_ms = gate_.now_ms + kClockAheadMaxMs + 1;
  EXPECT_EQ(gate_.Tip(request).error(), ErrorReason::kInvalidField);
  request.intent.create_time_ms = gate_.now_ms + kClockAheadMaxMs;
  EXPECT_TRUE(gate_.Tip(request).is_accepted());
  // The clock may step back meanwhile: a known key is replayed all the same.
  gate_.now_ms -= 1;
  EXPECT_TRUE(gate_.Tip(request).is_replay());
}

// Keys may be remembered longer from some restart on; those that are gone do not come back.
TEST_F(Idempotency, AForgottenKeyIsNoNewTipHoweverLongKeysAreRemembered) {
  gate_.now_ms += 1'000'000;  // later than the entries of the scene
  const TipRequest forgotten = Request();
  gate_.Tip(forgotten);
  const int64_t first_ms = gate_.now_ms;
  gate_.now_ms += 1;
  const TipRequest kept = Request();
  const Decided kept_decision = gate_.Tip(kept);
  gate_.Checkpoint();
  StateImage image;
  image.forget_keys_before = kept_decision.id.sequence();
  ASSERT_TRUE(gate_.store->Write(image).ok());

  const std::unique_ptr<CoreGate> recovered = gate_.Recovered();
  EXPECT_TRUE(recovered->Tip(kept).is_replay());
  TipRequest again = forgotten;
  again.intent.create_time_ms = first_ms;
  EXPECT_EQ(recovered->Tip(again).error(), ErrorReason::kCreateTimeTooOld);
  again.intent.create_time_ms = first_ms + kClockAheadMaxMs;
  EXPECT_EQ(recovered->Tip(again).error(), ErrorReason::kCreateTimeTooOld);
  TipRequest fresh = recovered->MakeTip(PayerId(1), GiftId(5), 1);
  fresh.intent.create_time_ms = first_ms + kClockAheadMaxMs + 1;
  EXPECT_TRUE(recovered->Tip(fresh).is_accepted());
}

TEST_F(Idempotency, KeysSurviveCheckpointsAndRestarts) {
  const TipRequest stored = Request();
  gate_.Tip(stored);
  gate_.Checkpoint();
  const TipRequest fresh = Request();
  gate_.Tip(fresh);
  const std::unique_ptr<CoreGate> recovered = gate_.Recovered();
  EXPECT_TRUE(recovered->Tip(stored).is_replay());
  EXPECT_TRUE(recovered->Tip(fresh).is_replay());
}

TEST(KeyMemory, DropsAGenerationOnlyWhenTheNextOneIsStoredToo) {
  KeyMemory keys;
  const Hash128 first = HashKey(CallerId{}, "first");
  const Hash128 second = HashKey(CallerId{}, "second");
  keys.Insert(first, RecordId(1, 0));
  keys.Freeze(1);
  keys.Insert(second, RecordId(2, 0));
  EXPECT_TRUE(keys.NoteStored(1).empty());
  EXPECT_EQ(keys.Find(first), RecordId(1, 0));
  EXPECT_EQ(keys.dropped_sequence(), 0);
  keys.Freeze(2);
  keys.NoteStored(1);
  EXPECT_EQ(keys.Find(first), RecordId(1, 0));
  EXPECT_EQ(keys.NoteStored(2).size(), 1u);
  EXPECT_FALSE(keys.Find(first).is_set());
  EXPECT_EQ(keys.Find(second), RecordId(2, 0));
  EXPECT_EQ(keys.dropped_sequence(), 1);
}

// A table that grows moves all that it holds while callers wait.
TEST(KeyMemory, NoTableGrows) {
  KeyMemory keys;
  const auto key_of = [](size_t number) { return Hash128{.high = number, .low = number * 77}; };
  constexpr size_t kSecondRoom = 4 * KeyMemory::kRoomMin;
  constexpr size_t kCount = KeyMemory::kRoomMin + kSecondRoom + 1;
  for (size_t n = 1; n <= kCount; ++n) keys.Insert(key_of(n), RecordId(1, 0));
  EXPECT_EQ(keys.current_count(), int64_t{kCount});
  const KeyTables tables = keys.Freeze(1);
  ASSERT_EQ(tables.size(), 3U);
  EXPECT_EQ(tables[0]->size(), KeyMemory::kRoomMin);
  EXPECT_EQ(tables[1]->size(), kSecondRoom);
  EXPECT_EQ(tables[2]->size(), 1U);
  EXPECT_EQ(keys.current_count(), 0);
  for (size_t n = 1; n <= kCount; ++n) ASSERT_TRUE(keys.Find(key_of(n)).is_set());
  // As many go into one table the next time.
  for (size_t n = 1; n <= kCount; ++n) keys.Insert(key_of(kCount + n), RecordId(2, 0));
  EXPECT_EQ(keys.Freeze(2).size(), 1U);
  EXPECT_EQ(keys.NoteStored(2).size(), 3U);
  EXPECT_FALSE(keys.Find(key_of(1)).is_set());
  EXPECT_TRUE(keys.Find(key_of(2 * kCount)).is_set());
}

}  // namespace
}  // namespace tipgate

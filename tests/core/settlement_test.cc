#include "core/settlement.h"

#include <gtest/gtest.h>

#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"

namespace tipgate {
namespace {

constexpr int64_t kDayMs = 24 * 3'600'000;

// Streamer 1 is of tier L3: 1 day, and 7 days from 1,000 yuan on.
class Settlement : public ::testing::Test {
 protected:
  Settlement() { gate_.PutScene(); }

  void Tip(int32_t hundreds) {
    ASSERT_TRUE(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), hundreds)).is_accepted());
  }
  const Streamer& Receiver() { return *gate_.state.streamers.Find(StreamerId(1)); }

  CoreGate gate_;
};

TEST_F(Settlement, I1IncomeIsPendingUntilItsDelayIsOverToTheMillisecond) {
  Tip(1);
  EXPECT_EQ(Receiver().tips.pending, Money(10'000));
  gate_.now_ms += kDayMs - 1;
  EXPECT_FALSE(gate_.Settle(kDayMs));
  gate_.now_ms += 1;
  EXPECT_TRUE(gate_.Settle(kDayMs));
  EXPECT_EQ(Receiver().tips.pending, Money());
  EXPECT_EQ(Receiver().tips.settled, Money(10'000));
  EXPECT_EQ(gate_.state.totals.tips.settled, Money(10'000));
}

TEST_F(Settlement, I1AStretchWithoutTipsMovesItsCursorAndNothingElse) {
  Tip(1);
  gate_.now_ms += kDayMs;
  ASSERT_TRUE(gate_.Settle(kDayMs));
  gate_.PutAdult(PayerId(2));
  const int64_t last_sequence = gate_.journal->Head().sequence;
  gate_.now_ms += kDayMs;
  EXPECT_TRUE(gate_.Settle(kDayMs));
  EXPECT_EQ(gate_.state.totals.FindCursor(kDayMs)->last_sequence, last_sequence);
  EXPECT_EQ(gate_.state.totals.tips.settled, Money(10'000));
  EXPECT_EQ(ProveHistory(gate_), absl::OkStatus());
}

TEST_F(Settlement, I2LargeTipsWaitLongerFromTheirAmountOn) {
  Tip(9);
  Tip(10);  // 1,000 yuan
  gate_.now_ms += 6 * kDayMs;
  gate_.Settle(kDayMs);
  EXPECT_EQ(Receiver().tips.settled, Money(90'000));
  EXPECT_EQ(Receiver().tips.pending, Money(100'000));
  gate_.now_ms += kDayMs;
  EXPECT_TRUE(gate_.Settle(7 * kDayMs));
  EXPECT_EQ(Receiver().tips.settled, Money(190'000));
}

TEST_F(Settlement, I1HappensOnce) {
  Tip(1);
  const int64_t first = gate_.state.totals.FindCursor(kDayMs)->last_sequence + 1;
  gate_.now_ms += kDayMs;
  const auto command = CollectSettlement(*gate_.journal, kDayMs, first, first);
  ASSERT_TRUE(command.ok());
  gate_.Run(*command);
  gate_.Run(*command);  // the cursor is past it: nothing happens
  EXPECT_EQ(Receiver().tips.settled, Money(10'000));
  EXPECT_EQ(Receiver().tips.pending, Money());
}

TEST_F(Settlement, I1OneThatIsNotDueIsNotTaken) {
  Tip(1);
  const int64_t first = gate_.state.totals.FindCursor(kDayMs)->last_sequence + 1;
  gate_.now_ms += kDayMs - 1;
  gate_.Run(*CollectSettlement(*gate_.journal, kDayMs, first, first));
  EXPECT_EQ(Receiver().tips.pending, Money(10'000));
}

TEST_F(Settlement, I1SurvivesARestart) {
  Tip(1);
  gate_.Checkpoint();
  gate_.now_ms += kDayMs;
  gate_.Settle(kDayMs);
  gate_.CloseSession(SessionId(1));
  const std::unique_ptr<CoreGate> recovered = gate_.Recovered();
  EXPECT_EQ(recovered->Fingerprint(), gate_.Fingerprint());
  EXPECT_FALSE(recovered->Settle(kDayMs));
  EXPECT_EQ(recovered->state.totals.tips.settled, Money(10'000));
  EXPECT_EQ(recovered->state.totals.tips.pending, Money());
}

}  // namespace
}  // namespace tipgate

// Cooling-off, its triggers and its window.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/payer_controls_fixture.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CoolingOffTest : public PayerControlsTest {
 protected:
  static constexpr int64_t kWindowMs = 60'000;
  static constexpr int64_t kDurationMs = 300'000;

  CoolingOffTest() {
    Policy policy = SamplePolicy();
    policy.cooling_off = {.single_min = Money(1'000),
                          .window_sum_min = Money(500),
                          .window_count_min = 4,
                          .window_ms = kWindowMs,
                          .duration_ms = kDurationMs};
    gate_.Activate(policy);
  }
};

TEST_F(CoolingOffTest, T15AndO1OneLargeTipIsTheLastForAWhile) {
  Policy policy = SamplePolicy();
  policy.cooling_off = {.single_min = Money(1'000), .duration_ms = kDurationMs};
  gate_.Activate(policy);
  EXPECT_EQ(Tip(999).tip.cooling_off_end_ms, 0);
  const int64_t end_ms = gate_.now_ms + kDurationMs;
  const Decided trigger = Tip(1'000);
  EXPECT_TRUE(trigger.is_accepted());
  EXPECT_EQ(trigger.tip.cooling_off_end_ms, end_ms);
  EXPECT_EQ(trigger.tip.amount_max, Money());
  gate_.now_ms = end_ms - 1;
  const Decided refused = Tip(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kCoolingOff));
  EXPECT_EQ(refused.tip.retry_time_ms, end_ms);
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  gate_.now_ms = end_ms;
  EXPECT_TRUE(Tip(1).is_accepted());
  ExpectProved();
}

TEST_F(CoolingOffTest, T15AndO2TheSumOverTheWindowIsExactToTheMillisecond) {
  EXPECT_TRUE(Tip(250).is_accepted());
  gate_.now_ms += kWindowMs;  // exactly as old: out
  EXPECT_EQ(Tip(250).tip.cooling_off_end_ms, 0);
  gate_.now_ms += kWindowMs - 1;
  EXPECT_EQ(gate_.Check(gate_.MakeTip(kPayer, kFen, 249)).tip.cooling_off_end_ms, 0);
  EXPECT_NE(Tip(250).tip.cooling_off_end_ms, 0);
  ExpectProved();
}

TEST_F(CoolingOffTest, T15AndO2ATipAsOldAsTheWindowIsOutThoughOthersFollowed) {
  const auto end_ms = [&] {
    return gate_.Check(gate_.MakeTip(kPayer, kFen, 150)).tip.cooling_off_end_ms;
  };
  EXPECT_TRUE(Tip(250).is_accepted());
  gate_.now_ms += 1;
  EXPECT_TRUE(Tip(100).is_accepted());
  gate_.now_ms += kWindowMs - 2;
  EXPECT_NE(end_ms(), 0);
  gate_.now_ms += 1;
  EXPECT_EQ(end_ms(), 0);
}

// Found by the simulation: a batch that leaves no entry let time pass, which a restart then did not
// know of.
TEST_F(CoolingOffTest, T15AndO2TheWindowIsThatOfTheJournalAfterTheClockWasSetBack) {
  EXPECT_TRUE(Tip(250).is_accepted());
  const int64_t tip_ms = gate_.now_ms;
  gate_.now_ms += 2 * kCoolingOffWindowMaxMs;
  gate_.Tick();
  gate_.Checkpoint();
  const std::unique_ptr<CoreGate> recovered = gate_.Recovered();
  recovered->now_ms = tip_ms + 1;
  EXPECT_NE(recovered->Tip(recovered->MakeTip(kPayer, kFen, 250)).tip.cooling_off_end_ms, 0);
}

TEST_F(CoolingOffTest, T15AndO1TheCountOverTheWindow) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Tip(1).tip.cooling_off_end_ms, 0);
  gate_.Checkpoint();
  EXPECT_NE(Tip(1).tip.cooling_off_end_ms, 0);
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
}

TEST_F(CoolingOffTest, T15AndO1TipsFromUnderAPolicyWithoutAWindowDoNotCount) {
  const Policy with_window = *gate_.state.policy;
  Policy without = with_window;
  without.cooling_off = CoolingOffPolicy();
  gate_.Activate(without);
  EXPECT_TRUE(Tip(400).is_accepted());
  gate_.Activate(with_window);
  EXPECT_EQ(Tip(200).tip.cooling_off_end_ms, 0);
}

TEST_F(CoolingOffTest, T15AndO2WhatOnceKeptItsHeadroomLeavesTheWindowWithTheRest) {
  Policy keeping = *gate_.state.policy;
  keeping.tip_life.remorse_ms = kWindowMs;
  keeping.tip_life.void_restores_headroom = false;
  gate_.Activate(keeping);
  TipRequest request = gate_.MakeTip(kPayer, kFen, 100);
  request.is_hold = true;
  const RecordId tip = gate_.Tip(request).id;
  EXPECT_TRUE(gate_.CaptureTip(tip, Money(90)).is_accepted());
  Policy restoring = keeping;
  restoring.tip_life.void_restores_headroom = true;
  gate_.Activate(restoring);
  const RecentTips& recent = *gate_.state.recent_tips.Find(kPayer);
  EXPECT_EQ(recent.Within(gate_.now_ms, kWindowMs).sum, Money(100));
  EXPECT_TRUE(gate_.VoidTip(tip).is_accepted());
  EXPECT_EQ(recent.Within(gate_.now_ms, kWindowMs).sum, Money(10));
  EXPECT_EQ(gate_.state.payers.Find(kPayer)->tips.day_total, Money(10));
}

TEST_F(CoolingOffTest, T15AndO1RefusedTipsDoNotCount) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(gate_.Tip(gate_.MakeTip(kPayer, GiftId(4), 1)).is_accepted());
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Tip(1).tip.cooling_off_end_ms, 0);
}

TEST_F(CoolingOffTest, T15AndO3StaffMayStartOneAndNoneShortensAnother) {
  EXPECT_TRUE(gate_.CoolOff(kPayer, absl::Hours(1)).is_accepted());
  const int64_t end_ms = gate_.now_ms + 3'600'000;
  EXPECT_EQ(gate_.CoolOff(kPayer, absl::Minutes(1)).cooling_off.end_time_ms, end_ms);
  gate_.now_ms = end_ms - 1;
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kCoolingOff));
  gate_.now_ms = end_ms;
  EXPECT_THAT(Codes(1), IsEmpty());
  EXPECT_EQ(gate_.CoolOff(PayerId(9), absl::Hours(1)).error(), ErrorReason::kNotFound);
}

TEST_F(CoolingOffTest, O2RecentTipsAreForgottenAfterTheLongestWindow) {
  Tip(1);
  gate_.Checkpoint();
  gate_.now_ms += kCoolingOffWindowMaxMs - 1;
  gate_.Tick();
  EXPECT_EQ(gate_.state.recent_tips.size(), 1u);
  gate_.now_ms += 1;
  gate_.ForgetWhatIsDue();
  EXPECT_EQ(gate_.state.recent_tips.size(), 0u);
  Tip(1);  // forgotten and there again between two checkpoints
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  gate_.now_ms += kCoolingOffWindowMaxMs;
  gate_.ForgetWhatIsDue();
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->state.recent_tips.size(), 0u);
}

}  // namespace
}  // namespace tipgate

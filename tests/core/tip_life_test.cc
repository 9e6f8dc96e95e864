// Holds, captures, voids, and what leaves the memory.
#include <gtest/gtest.h>

#include "tests/core/tip_life_fixture.h"

namespace tipgate {
namespace {

// --- Holds --------------------------------------------------------------------------------------

TEST_F(TipLife, L1AHoldCountsAgainstEveryLimitAtOnce) {
  const RecordId tip = Hold(3);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kHeld);
  EXPECT_EQ(DayTotal(), Money(30'000));
  EXPECT_EQ(MonthTotal(), Money(30'000));
  EXPECT_EQ(Received(), Money(30'000));
  EXPECT_EQ(Sums().held, Money(30'000));
  EXPECT_EQ(Sums().pending, Money());
}

TEST_F(TipLife, L1AHoldThatDoesNotSayHowLongHasThePolicys) {
  EXPECT_EQ(gate_.FindTip(Hold()).expire_time_ms, gate_.now_ms + 30 * kSecondMs);
  EXPECT_EQ(gate_.FindTip(Hold(1, kDayMs)).expire_time_ms, gate_.now_ms + kDayMs);
}

TEST_F(TipLife, L2ACaptureTakesAllAndStartsTheDelay) {
  const RecordId tip = Hold(3, kHourMs);
  gate_.now_ms += kHourMs - 1;
  const Decided captured = gate_.CaptureTip(tip);
  ASSERT_TRUE(captured.is_accepted());
  EXPECT_EQ(captured.changed_tip.settle_time_ms, gate_.now_ms + kDayMs);
  EXPECT_EQ(Sums().pending, Money(30'000));
  Settle(kDayMs - 1);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  Settle(1);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
  EXPECT_EQ(Sums().settled, Money(30'000));
}

TEST_F(TipLife, L2ACaptureOfLessGivesTheRestBackEverywhere) {
  const RecordId tip = Hold(3);
  ASSERT_TRUE(gate_.CaptureTip(tip, Money(12'345)).is_accepted());
  EXPECT_EQ(DayTotal(), Money(12'345));
  EXPECT_EQ(MonthTotal(), Money(12'345));
  EXPECT_EQ(Received(), Money(12'345));
  EXPECT_EQ(Sums().pending, Money(12'345));
  EXPECT_EQ(Sums().voided, Money(17'655));
  EXPECT_EQ(gate_.CaptureTip(tip).error(), ErrorReason::kWrongState);
}

TEST_F(TipLife, L2ACaptureNeverTakesMoreThanIsHeld) {
  const RecordId tip = Hold();
  EXPECT_EQ(gate_.CaptureTip(tip, kGift + Money(1)).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kHeld);
  EXPECT_TRUE(gate_.CaptureTip(tip, kGift).is_accepted());
}

TEST_F(TipLife, L2TheDelayIsThatOfTheCapturedAmount) {
  const RecordId large = Hold(10);  // 1,000 yuan: 7 days
  EXPECT_EQ(gate_.CaptureTip(large).changed_tip.settle_time_ms, gate_.now_ms + 7 * kDayMs);
  const RecordId small = Hold(10);
  EXPECT_EQ(gate_.CaptureTip(small, Money(99'999)).changed_tip.settle_time_ms,
            gate_.now_ms + kDayMs);
}

TEST_F(TipLife, L3AtItsEndAHoldIsVoidAndCannotBeCaptured) {
  const RecordId tip = Hold();
  gate_.now_ms += 30 * kSecondMs - 1;
  gate_.Tick();
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kHeld);
  gate_.now_ms += 1;
  EXPECT_EQ(gate_.CaptureTip(tip).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kVoided);
  EXPECT_EQ(DayTotal(), Money());
  EXPECT_EQ(Received(), Money());
  EXPECT_EQ(Sums().voided, kGift);
}

TEST_F(TipLife, L4ACaptureAsksThePayersOwnLimitsAgain) {
  const RecordId tip = Hold(2);
  SelfLimitsRecord lower;
  lower.payer = PayerId(1);
  lower.day_limit_change = {.kind = LimitChangeKind::kSet, .amount = Money(19'999)};
  ASSERT_TRUE(gate_.SetSelfLimits(lower).is_accepted());
  const Decided refused = gate_.CaptureTip(tip);
  EXPECT_EQ(refused.codes(), std::vector{RejectionCode::kDayLimit});
  EXPECT_EQ(refused.violations[0].used, 0);
  EXPECT_EQ(refused.violations[0].requested, 20'000);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kHeld);
  EXPECT_TRUE(gate_.CaptureTip(tip, Money(19'999)).is_accepted());
}

TEST_F(TipLife, L4ALimitOfOneTipHoldsForACaptureToo) {
  const RecordId tip = Hold(2);
  SelfLimitsRecord lower;
  lower.payer = PayerId(1);
  lower.tip_max_change = {.kind = LimitChangeKind::kSet, .amount = Money(10'000)};
  ASSERT_TRUE(gate_.SetSelfLimits(lower).is_accepted());
  EXPECT_EQ(gate_.CaptureTip(tip, Money(10'001)).codes(), std::vector{RejectionCode::kTipCap});
  EXPECT_TRUE(gate_.CaptureTip(tip, Money(10'000)).is_accepted());
}

TEST_F(TipLife, L4ALimitBelowTheAmountHoldsAlsoWhenThePeriodIsOver) {
  gate_.SetTime("2026-11-30 23:00:00.000");
  ASSERT_TRUE(gate_.CloseSession(SessionId(1)).is_accepted());
  gate_.now_ms += kHourMs - 2;
  ASSERT_TRUE(gate_.OpenSession(SessionId(2), StreamerId(1)).is_accepted());
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), 2);
  request.session = SessionId(2);
  request.is_hold = true;
  const RecordId tip = gate_.Tip(request).id;
  gate_.now_ms += 1;
  SelfLimitsRecord lower;
  lower.payer = PayerId(1);
  lower.day_limit_change = {.kind = LimitChangeKind::kSet, .amount = Money(19'999)};
  lower.month_limit_change = {.kind = LimitChangeKind::kSet, .amount = Money(19'998)};
  ASSERT_TRUE(gate_.SetSelfLimits(lower).is_accepted());
  gate_.now_ms += 1;  // the first moment of another day and month
  const std::vector both = {RejectionCode::kDayLimit, RejectionCode::kMonthLimit};
  EXPECT_EQ(gate_.CaptureTip(tip).codes(), both);
  EXPECT_EQ(gate_.CaptureTip(tip, Money(19'999)).codes(), std::vector{RejectionCode::kMonthLimit});
  EXPECT_TRUE(gate_.CaptureTip(tip, Money(19'998)).is_accepted());
}

TEST_F(TipLife, L6AVoidGivesEverythingBack) {
  const RecordId tip = Hold(2);
  ASSERT_TRUE(gate_.VoidTip(tip).is_accepted());
  EXPECT_EQ(DayTotal(), Money());
  EXPECT_EQ(MonthTotal(), Money());
  EXPECT_EQ(Received(), Money());
  EXPECT_EQ(gate_.VoidTip(tip).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.CaptureTip(tip).error(), ErrorReason::kWrongState);
}

TEST_F(TipLife, L6AVoidGivesBackInTheSameDayAndMonthOnly) {
  gate_.SetTime("2026-11-30 23:59:59.000");
  ASSERT_TRUE(gate_.CloseSession(SessionId(1)).is_accepted());
  gate_.SetTime("2026-12-31 23:59:00.000");
  ASSERT_TRUE(gate_.OpenSession(SessionId(2), StreamerId(1)).is_accepted());
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), 1);
  request.session = SessionId(2);
  request.is_hold = true;
  request.hold_ms = kHourMs;
  const RecordId tip = gate_.Tip(request).id;
  gate_.SetTime("2027-01-01 00:00:00.000");
  request.intent = gate_.NewIntent();
  ASSERT_TRUE(gate_.Tip(request).is_accepted());
  ASSERT_TRUE(gate_.VoidTip(tip).is_accepted());
  EXPECT_EQ(DayTotal(), kGift);
  EXPECT_EQ(MonthTotal(), kGift);
}

TEST_F(TipLife, L1OfSomethingThatIsNoAcceptedTipNothingCanBeCaptured) {
  EXPECT_EQ(gate_.CaptureTip(RecordId(1, 0)).error(), ErrorReason::kNotFound);
  EXPECT_EQ(gate_.CaptureTip(RecordId(999, 0)).error(), ErrorReason::kNotFound);
  TipRequest refused = gate_.MakeTip(PayerId(1), GiftId(4), 1);
  refused.is_hold = true;
  const Decided decided = gate_.Tip(refused);
  ASSERT_FALSE(decided.is_accepted());
  EXPECT_EQ(gate_.VoidTip(decided.id).error(), ErrorReason::kNotFound);
}

Policy WithRemorse(bool restores_headroom) {
  Policy policy = SamplePolicy();
  policy.tip_life.remorse_ms = kHourMs;
  policy.tip_life.void_restores_headroom = restores_headroom;
  return policy;
}

class Remorse : public TipLife {
 protected:
  Remorse() : TipLife(WithRemorse(true)) {}
};

TEST_F(Remorse, L5APendingTipMayBeVoidedBeforeTheWindowEnds) {
  const RecordId early = Accept();
  const RecordId late = Accept();
  gate_.now_ms += kHourMs - 1;
  EXPECT_TRUE(gate_.VoidTip(early).is_accepted());
  gate_.now_ms += 1;
  EXPECT_EQ(gate_.VoidTip(late).error(), ErrorReason::kWrongState);
  EXPECT_EQ(DayTotal(), kGift);
  Settle(kDayMs);
  EXPECT_EQ(gate_.StateOfTip(early), TipState::kVoided);
  EXPECT_EQ(gate_.StateOfTip(late), TipState::kSettled);
  EXPECT_EQ(Sums().settled, kGift);
  EXPECT_EQ(Sums().voided, kGift);
}

TEST_F(Remorse, L5NotOfATipThatIsFrozenOrPartlyRefunded) {
  const RecordId refunded = Accept();
  ASSERT_TRUE(gate_.RefundTip(refunded, Money(1)).is_accepted());
  EXPECT_EQ(gate_.VoidTip(refunded).error(), ErrorReason::kWrongState);
  const RecordId frozen = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kTip, frozen.value());
  EXPECT_EQ(gate_.VoidTip(frozen).error(), ErrorReason::kWrongState);
}

class KeptHeadroom : public TipLife {
 protected:
  KeptHeadroom() : TipLife(WithRemorse(false)) {}
};

TEST_F(KeptHeadroom, L6WhereThePolicySaysSoAVoidGivesNoHeadroomBack) {
  ASSERT_TRUE(gate_.VoidTip(Accept()).is_accepted());
  ASSERT_TRUE(gate_.CaptureTip(Hold(2), Money(1)).is_accepted());
  EXPECT_EQ(DayTotal(), Money(30'000));
  EXPECT_EQ(Received(), Money(30'000));
  EXPECT_EQ(Sums().voided, Money(29'999));
}

// --- Cooling-off that holds ---------------------------------------------------------------------

Policy WithHoldingCoolingOff() {
  Policy policy = SamplePolicy();
  policy.cooling_off.single_min = Money(50'000);
  policy.cooling_off.duration_ms = 300 * kSecondMs;
  policy.cooling_off.hold_ms = 60 * kSecondMs;
  return policy;
}

class HoldingCoolingOff : public TipLife {
 protected:
  HoldingCoolingOff() : TipLife(WithHoldingCoolingOff()) {}
};

TEST_F(HoldingCoolingOff, T15AndO4TipsAreHeldUntilTheEnd) {
  EXPECT_EQ(gate_.StateOfTip(Accept(5)), TipState::kPending);  // begins it
  gate_.now_ms += 300 * kSecondMs - 1;
  const RecordId held = Accept();
  EXPECT_EQ(gate_.StateOfTip(held), TipState::kHeld);
  EXPECT_EQ(gate_.FindTip(held).expire_time_ms, gate_.now_ms + 60 * kSecondMs);
  gate_.now_ms += 1;
  EXPECT_EQ(gate_.StateOfTip(Accept()), TipState::kPending);
  EXPECT_TRUE(gate_.VoidTip(held).is_accepted());
}

TEST_F(HoldingCoolingOff, T15AndO4NoShorterHoldGoesAroundIt) {
  Accept(5);
  const RecordId shorter = Hold(1, kSecondMs);
  EXPECT_EQ(gate_.FindTip(shorter).expire_time_ms, gate_.now_ms + 60 * kSecondMs);
  const RecordId longer = Hold(1, 60 * kSecondMs + 1);
  EXPECT_EQ(gate_.FindTip(longer).expire_time_ms, gate_.now_ms + 60 * kSecondMs + 1);
  gate_.now_ms += 60 * kSecondMs;
  gate_.Tick();
  EXPECT_EQ(gate_.StateOfTip(shorter), TipState::kVoided);
  EXPECT_EQ(gate_.StateOfTip(longer), TipState::kHeld);
}

// --- A full memory ------------------------------------------------------------------------------

class FullMemory : public ::testing::Test {
 protected:
  FullMemory() : gate_(WithHoldingCoolingOff(), WithRoomForTwo()) { gate_.PutScene(); }

  static StateLimits WithRoomForTwo() {
    StateLimits limits = CoreGate::DefaultLimits();
    limits.tips_max = 2;
    return limits;
  }
  Decided Tip(int32_t count, bool is_hold) {
    TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), count);
    request.is_hold = is_hold;
    return gate_.Tip(request);
  }

  CoreGate gate_;
};

TEST_F(FullMemory, NoMoreIsHeldAndWhatIsGoesOn) {
  const RecordId pending = Tip(1, /*is_hold=*/false).id;
  const RecordId first = Tip(1, /*is_hold=*/true).id;
  const RecordId second = Tip(1, /*is_hold=*/true).id;
  EXPECT_EQ(Tip(1, /*is_hold=*/true).error(), ErrorReason::kCapacityReached);
  EXPECT_EQ(gate_.RefundTip(pending, Money(1)).error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(Tip(5, /*is_hold=*/false).is_accepted());  // begins a cooling-off
  EXPECT_EQ(Tip(1, /*is_hold=*/false).error(), ErrorReason::kCapacityReached);  // rule O4
  EXPECT_TRUE(gate_.CaptureTip(first).is_accepted());
  EXPECT_TRUE(gate_.VoidTip(second).is_accepted());
  EXPECT_TRUE(gate_.RefundTip(first, Money(1)).is_accepted());
  EXPECT_EQ(ProveHistory(gate_), absl::OkStatus());
}

// --- What leaves the memory ---------------------------------------------------------------------

TEST_F(TipLife, L13ATipAtRestLeavesTheMemoryAndCanStillBeRefunded) {
  const RecordId tip = Hold();
  ASSERT_TRUE(gate_.CaptureTip(tip).is_accepted());
  Settle(kDayMs);
  gate_.Checkpoint();
  gate_.Checkpoint();
  gate_.now_ms += kTipMemoryMs - 1;
  gate_.Tick();
  EXPECT_NE(gate_.state.tips.Find(tip), nullptr);
  gate_.now_ms += 1;
  gate_.ForgetWhatIsDue();
  EXPECT_EQ(gate_.state.tips.Find(tip), nullptr);
  gate_.Checkpoint();
  EXPECT_EQ(gate_.CaptureTip(tip).error(), ErrorReason::kWrongState);
  ASSERT_TRUE(gate_.RefundTip(tip, kGift).is_accepted());
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kRefunded);
}

TEST_F(TipLife, L13WhatIsNotStoredYetIsNotForgotten) {
  const RecordId tip = Hold();
  ASSERT_TRUE(gate_.VoidTip(tip).is_accepted());
  gate_.now_ms += 2 * kTipMemoryMs;
  gate_.ForgetWhatIsDue();
  EXPECT_NE(gate_.state.tips.Find(tip), nullptr);
  EXPECT_EQ(gate_.CaptureTip(tip).error(), ErrorReason::kWrongState);
}

}  // namespace
}  // namespace tipgate

// Freezes, refunds and shares of the income of tips.
#include <gtest/gtest.h>

#include "tests/core/tip_life_fixture.h"

namespace tipgate {
namespace {

// --- Freezes ------------------------------------------------------------------------------------

TEST_F(TipLife, L7AFrozenTipDoesNotSettle) {
  const RecordId frozen = Accept();
  const RecordId other = Accept(2);
  gate_.FreezeIncome(IncomeScopeKind::kTip, frozen.value());
  EXPECT_EQ(Receiver().tips.frozen, kGift);
  Settle(kDayMs);
  EXPECT_EQ(gate_.StateOfTip(frozen), TipState::kFrozen);
  EXPECT_EQ(gate_.StateOfTip(other), TipState::kSettled);
  EXPECT_EQ(Receiver().tips.settled, Money(20'000));
  EXPECT_EQ(Receiver().tips.frozen, kGift);
}

TEST_F(TipLife, L7ReleasedInTimeItSettlesAtItsTime) {
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1);
  gate_.now_ms += kDayMs - 1;
  gate_.ReleaseIncome(IncomeScopeKind::kCase, 0);
  gate_.SettleAll();
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  Settle(1);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
  EXPECT_EQ(Receiver().tips.settled, kGift);
}

TEST_F(TipLife, L7ReleasedTooLateItSettlesAtOnceAndOnce) {
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kStreamer, 1);
  Settle(3 * kDayMs);
  gate_.ReleaseIncome(IncomeScopeKind::kStreamer, 1);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  Settle(0);
  Settle(10 * kDayMs);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
  EXPECT_EQ(Sums().settled, kGift);
}

TEST_F(TipLife, L7AReleasedTipCanBeFrozenAgainBeforeItSettles) {
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value());
  Settle(2 * kDayMs);
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value());
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value(), "case-2");
  Settle(0);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value(), "case-2");
  Settle(0);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
  EXPECT_EQ(Sums().settled, kGift);
}

TEST_F(TipLife, L8ATipStaysFrozenUntilEachCaseHasReleasedIt) {
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value(), "case-1");
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1, "case-2");
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value(), "case-1");
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value(), "case-1");
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value(), "case-3");
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
  gate_.ReleaseIncome(IncomeScopeKind::kCase, 0, "case-2");
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
}

TEST_F(TipLife, L8AFifthCaseFindsNoPlaceAndIsCountedAsSkipped) {
  const RecordId tip = Accept();
  for (const char* name : {"a", "b", "c", "d"}) {
    gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value(), name);
  }
  const RecordId job = gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value(), "e").id;
  EXPECT_EQ(gate_.state.income_jobs.Find(job)->skipped_count, 1);
  for (const char* name : {"a", "b", "c", "d"}) {
    EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
    gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value(), name);
  }
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
}

TEST_F(TipLife, L7HeldVoidedAndSettledTipsAreNotFrozen) {
  const RecordId settled = Accept();
  Settle(kDayMs);
  ASSERT_TRUE(gate_.OpenSession(SessionId(9), StreamerId(9)).codes().size() == 1);
  gate_.FreezeIncome(IncomeScopeKind::kStreamer, 1);
  EXPECT_EQ(gate_.StateOfTip(settled), TipState::kSettled);
  EXPECT_EQ(Sums().frozen, Money());
}

// --- Refunds and shares -------------------------------------------------------------------------

TEST_F(TipLife, L9RefundsAreNeverMoreThanTheTipAndGiveNoHeadroomBack) {
  const RecordId tip = Accept();
  EXPECT_EQ(gate_.RefundTip(tip, kGift + Money(1)).error(), ErrorReason::kWrongState);
  ASSERT_TRUE(gate_.RefundTip(tip, Money(4'000)).is_accepted());
  EXPECT_EQ(gate_.RefundTip(tip, Money(6'001)).error(), ErrorReason::kWrongState);
  EXPECT_EQ(Sums().pending, Money(6'000));
  EXPECT_EQ(Sums().refunded, Money(4'000));
  EXPECT_EQ(DayTotal(), kGift);
  Settle(kDayMs);
  EXPECT_EQ(Sums().settled, Money(6'000));
  ASSERT_TRUE(gate_.RefundTip(tip, Money(6'000)).is_accepted());
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kRefunded);
  EXPECT_EQ(gate_.RefundTip(tip, Money(1)).error(), ErrorReason::kWrongState);
}

TEST_F(TipLife, L9AShareOfATipIsRoundedDownAndNeverNothing) {
  const RecordId tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 999)).id;
  EXPECT_EQ(gate_.RefundTip(tip, Money(), 1).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.RefundTip(tip, Money(), 2).tip_change.amount, Money(1));
  EXPECT_EQ(gate_.RefundTip(tip, Money(), 333).tip_change.amount, Money(332));
}

TEST_F(TipLife, L9AFrozenTipCanBeRefundedAndIsFrozenNoMore) {
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value());
  ASSERT_TRUE(gate_.RefundTip(tip, Money(1)).is_accepted());
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
  ASSERT_TRUE(gate_.RefundTip(tip, Money(9'999)).is_accepted());
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kRefunded);
  EXPECT_EQ(Receiver().tips.frozen, Money());
  EXPECT_TRUE(gate_.state.frozen_tips.empty());
}

TEST_F(TipLife, L11SharesAreRoundedDownAndTheRemainderIsThePlatforms) {
  PutAgency(AgencyId(7));
  ASSERT_TRUE(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 19)).is_accepted());
  Settle(kDayMs);
  EXPECT_EQ(Receiver().tips.settled, Money(19));
  EXPECT_EQ(Receiver().income, Money(9));                               // of 9.5
  EXPECT_EQ(gate_.state.agencies.Find(AgencyId(7))->income, Money(1));  // of 1.9
}

TEST_F(TipLife, L11SharesAreThoseOfTheTimeWhenTheTipBecamePending) {
  PutAgency(AgencyId(7));
  Accept();
  const RecordId held = Hold();
  Policy policy = SamplePolicy();
  policy.tip_life.streamer_permille = 300;
  gate_.Activate(policy);
  PutAgency(AgencyId(8));
  ASSERT_TRUE(gate_.CaptureTip(held).is_accepted());
  Settle(kDayMs);
  EXPECT_EQ(Receiver().income, Money(5'000 + 3'000));
  EXPECT_EQ(gate_.state.agencies.Find(AgencyId(7))->income, Money(1'000));
  EXPECT_EQ(gate_.state.agencies.Find(AgencyId(8))->income, Money(1'000));
}

TEST_F(TipLife, L10ARefundOfSettledIncomeIsKeptFromLaterIncome) {
  PutAgency(AgencyId(7));
  const RecordId tip = Accept(2);
  Settle(kDayMs);
  EXPECT_EQ(Receiver().income, Money(10'000));
  ASSERT_TRUE(gate_.RefundTip(tip, Money(20'000)).is_accepted());
  EXPECT_EQ(Receiver().receivable, Money(10'000));
  EXPECT_EQ(gate_.state.agencies.Find(AgencyId(7))->receivable, Money(2'000));
  ASSERT_TRUE(gate_.CloseSession(SessionId(1)).is_accepted());
  gate_.now_ms += kHourMs;
  ASSERT_TRUE(gate_.OpenSession(SessionId(2), StreamerId(1)).is_accepted());
  for (int i = 0; i < 3; ++i) {
    TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), 1);
    request.session = SessionId(2);
    ASSERT_TRUE(gate_.Tip(request).is_accepted());
  }
  Settle(kDayMs);
  EXPECT_EQ(Receiver().receivable, Money());
  EXPECT_EQ(Receiver().income, Money(10'000 + 15'000 - 10'000));
  EXPECT_EQ(gate_.state.agencies.Find(AgencyId(7))->income, Money(2'000 + 3'000 - 2'000));
}

TEST_F(TipLife, L10ReceivablesOfPartsAddUpToThatOfTheWhole) {
  const RecordId tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 9)).id;
  Settle(kDayMs);
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(gate_.RefundTip(tip, Money(1)).is_accepted());
  EXPECT_EQ(Receiver().receivable, Money(4));  // half of 9, rounded down once
}

TEST_F(TipLife, I3StaffMayHoldLaterIncomeBackForLonger) {
  const RecordId before = Accept();
  gate_.DelayIncome(StreamerId(1), 5 * kDayMs);
  const RecordId after = Accept();
  Settle(5 * kDayMs - 1);
  EXPECT_EQ(gate_.StateOfTip(before), TipState::kSettled);
  EXPECT_EQ(gate_.StateOfTip(after), TipState::kPending);
  Settle(1);
  EXPECT_EQ(gate_.StateOfTip(after), TipState::kSettled);
}

}  // namespace
}  // namespace tipgate

// What becomes of an accepted tip: holds, captures, voids, freezes, refunds, shares. Gift 5 costs
// 100 yuan; streamer 1 is of tier L3, which settles after 1 day.
#include <gtest/gtest.h>

#include <vector>

#include "core/verifier.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

constexpr int64_t kSecondMs = 1'000;
constexpr int64_t kHourMs = 3'600 * kSecondMs;
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr Money kGift{10'000};

class TipLife : public ::testing::Test {
 protected:
  explicit TipLife(const Policy& policy = SamplePolicy()) : gate_(policy) { gate_.PutScene(); }
  ~TipLife() override {
    if (!is_dead_) Verify(&gate_);
  }

  // Of `count` times 100 yuan.
  RecordId Accept(int32_t count = 1) {
    const Decided decided = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), count));
    EXPECT_TRUE(decided.is_accepted());
    return decided.id;
  }
  RecordId Hold(int32_t count = 1, int64_t hold_ms = 0) {
    TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), count);
    request.is_hold = true;
    request.hold_ms = hold_ms;
    const Decided decided = gate_.Tip(request);
    EXPECT_TRUE(decided.is_accepted());
    return decided.id;
  }
  void PutAgency(AgencyId agency) {
    StreamerRecord record;
    record.streamer = StreamerId(1);
    record.is_verified = true;
    record.age.band = AgeBand::kAdult;
    record.tier = TierName("L3");
    record.agency = agency;
    ASSERT_TRUE(gate_.PutStreamer(record).is_accepted());
  }
  void Settle(int64_t later_ms) {
    gate_.now_ms += later_ms;
    gate_.SettleAll();
  }
  Money DayTotal() const { return gate_.state.payers.Find(PayerId(1))->tips.day_total; }
  Money MonthTotal() const { return gate_.state.payers.Find(PayerId(1))->tips.month_total; }
  Money Received() const { return gate_.state.sessions.Find(SessionId(1))->received; }
  const Streamer& Receiver() const { return *gate_.state.streamers.Find(StreamerId(1)); }
  const TipSums& Sums() const { return gate_.state.totals.tips; }

  // History, decided again, leads to this state; and so does a restart.
  static void Verify(CoreGate* gate) {
    gate->Tick();
    Verifier verifier(*gate->journal);
    for (const Entry& entry : gate->journal->entries()) {
      const absl::Status status = verifier.Verify(entry);
      ASSERT_TRUE(status.ok()) << status;
    }
    EXPECT_EQ(verifier.state().Fingerprint(gate->now_ms), gate->Fingerprint());
    EXPECT_EQ(gate->Recovered()->Fingerprint(), gate->Fingerprint());
  }

  CoreGate gate_;
  bool is_dead_ = false;  // another has taken its journal over
};

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

// --- Many tips at once --------------------------------------------------------------------------

class ManyTips : public TipLife {
 protected:
  // One fen each, in batches.
  std::vector<RecordId> AcceptMany(int64_t count) {
    std::vector<RecordId> ids;
    for (int64_t left = count; left > 0;) {
      TipsCommand tips;
      for (; left > 0 && tips.requests.size() < 300; --left) {
        tips.requests.push_back(gate_.MakeTip(PayerId(1), GiftId(1), 1));
        tips.keys.push_back(gate_.LookUp(tips.requests.back().intent));
      }
      Command command = tips;
      gate_.Execute(&command);
      for (const Answer& answer : std::get<TipsCommand>(command).answers) {
        ids.emplace_back(gate_.journal->Head().sequence, std::get<InRecord>(answer).position);
      }
    }
    return ids;
  }
  RecordId Order(CoreGate* gate, IncomeAction action, IncomeScopeKind kind, int64_t id) {
    IncomeJobRequest request;
    request.intent = gate->NewIntent();
    request.action = action;
    request.actor = ActorName("ops-1");
    request.scope = {.kind = kind, .id = id};
    request.permille = action == IncomeAction::kRefund ? 1000 : 0;
    request.note = {.case_name = CaseName("case-1"), .reason = ReasonText("fraud")};
    return gate
        ->Run(
            IncomeJobCommand{.request = request, .key = gate->LookUp(request.intent), .answer = {}})
        .id;
  }
  const IncomeJob& Job(RecordId id) const { return *gate_.state.income_jobs.Find(id); }
};

TEST_F(ManyTips, L12AFreezeGoesOnInStepsWithTipsInBetween) {
  AcceptMany(1'300);
  const RecordId job = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  int steps_count = 0;
  RecordId later;
  while (gate_.StepIncomeJob(job)) {
    ++steps_count;
    EXPECT_FALSE(Job(job).is_done());
    EXPECT_LE(gate_.journal->entries().back().records.size(), size_t{kIncomeStepMax + 1});
    later = Accept();
  }
  EXPECT_GE(steps_count, 3);
  EXPECT_EQ(Job(job).tips_count, 1'300);
  EXPECT_EQ(Job(job).amount, Money(1'300));
  EXPECT_EQ(Job(job).frozen_count, 1'300);
  EXPECT_EQ(Sums().frozen, Money(1'300));
  EXPECT_EQ(gate_.StateOfTip(later), TipState::kPending);  // it came after the order
}

TEST_F(ManyTips, L12AnOrderSurvivesACrashAtEveryStepAndChangesEachTipOnce) {
  AcceptMany(1'300);
  const RecordId job = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kStreamer, 1);
  bool has_more = true;
  std::unique_ptr<CoreGate> gate = gate_.Recovered();
  while (has_more) {
    EXPECT_EQ(gate->state.open_jobs.count(job), 1u);
    has_more = gate->StepIncomeJob(job);
    if (has_more) gate->Checkpoint(100);
    gate = gate->Recovered();
  }
  EXPECT_TRUE(gate->state.open_jobs.empty());
  EXPECT_EQ(gate->state.income_jobs.Find(job)->tips_count, 1'300);
  EXPECT_EQ(gate->state.totals.tips.frozen, Money(1'300));
  // The same step again changes nothing.
  const IncomeStepCommand again{
      .job = job, .is_in_journal = true, .begin = {}, .next = {}, .tips = {}};
  const int64_t before = gate->journal->Head().sequence;
  gate->Run(again);
  EXPECT_EQ(gate->journal->Head().sequence, before);
  Verify(gate.get());
  is_dead_ = true;
}

TEST_F(ManyTips, L12AReleaseAndARefundOfACaseFindAllThatItFroze) {
  AcceptMany(700);
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1);
  gate_.FreezeIncome(IncomeScopeKind::kTip, Accept().value(), "case-2");
  Settle(2 * kDayMs);
  const RecordId refund = Order(&gate_, IncomeAction::kRefund, IncomeScopeKind::kCase, 0);
  while (gate_.StepIncomeJob(refund)) continue;
  EXPECT_EQ(Job(refund).tips_count, 700);
  EXPECT_EQ(Sums().refunded, Money(700));
  EXPECT_EQ(Sums().frozen, kGift);
  EXPECT_EQ(Receiver().receivable, Money());
}

TEST_F(ManyTips, L12ARefundOfAPayerReachesPendingFrozenAndSettledTips) {
  AcceptMany(600);
  Settle(kDayMs);
  ASSERT_TRUE(gate_.CloseSession(SessionId(1)).is_accepted());
  gate_.now_ms += kHourMs;
  ASSERT_TRUE(gate_.OpenSession(SessionId(2), StreamerId(1)).is_accepted());
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(1), 10);
  request.session = SessionId(2);
  const RecordId frozen = gate_.Tip(request).id;
  gate_.FreezeIncome(IncomeScopeKind::kTip, frozen.value());
  request.intent = gate_.NewIntent();
  ASSERT_TRUE(gate_.Tip(request).is_accepted());
  const RecordId refund = Order(&gate_, IncomeAction::kRefund, IncomeScopeKind::kPayer, 1);
  while (gate_.StepIncomeJob(refund)) continue;
  EXPECT_EQ(Job(refund).tips_count, 602);
  EXPECT_EQ(Sums().refunded, Money(620));
  EXPECT_EQ(Receiver().receivable, Money(0));  // half of one fen each, rounded down
}

TEST_F(ManyTips, L12AScopeMayBeATimeOfAcceptance) {
  Accept();
  gate_.now_ms += 1;
  const int64_t start_ms = gate_.now_ms;
  const RecordId inside = Accept();
  gate_.now_ms += 1;
  Accept();
  IncomeJobRequest request;
  request.intent = gate_.NewIntent();
  request.action = IncomeAction::kFreeze;
  request.actor = ActorName("ops-1");
  request.scope = {.kind = IncomeScopeKind::kStreamer,
                   .id = 1,
                   .start_time_ms = start_ms,
                   .end_time_ms = start_ms + 1};
  request.note.case_name = CaseName("case-1");
  EXPECT_EQ(gate_.state.frozen_tips.size(), 0u);
  gate_.RunIncomeJob(request);
  EXPECT_EQ(gate_.state.frozen_tips, std::set<RecordId>{inside});
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
  gate_.Tick();
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
  gate_.Tick();
  EXPECT_NE(gate_.state.tips.Find(tip), nullptr);
  EXPECT_EQ(gate_.CaptureTip(tip).error(), ErrorReason::kWrongState);
}

}  // namespace
}  // namespace tipgate

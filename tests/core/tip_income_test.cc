// Freezes, refunds and shares of the income of tips, one by one and many at once.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "core/income_steps.h"
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

TEST_F(ManyTips, L12AStepIsTakenOnceHoweverOftenItComes) {
  AcceptMany(300);
  const RecordId job = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  while (!Job(job).is_done()) {
    const IncomeStepCommand step = *CollectIncomeStep(*gate_.journal, *gate_.store, Job(job));
    gate_.Run(step);
    const int64_t head = gate_.journal->Head().sequence;
    gate_.Run(step);
    EXPECT_EQ(gate_.journal->Head().sequence, head);
  }
  EXPECT_EQ(Job(job).tips_count, 300);
  EXPECT_EQ(Job(job).skipped_count, 0);
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

TEST_F(ManyTips, L7NothingSettlesWhileAnOrderFreezes) {
  AcceptMany(1'300);
  gate_.now_ms += kDayMs - 1;
  const RecordId job = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  gate_.now_ms += 1;
  do {
    gate_.SettleAll();
    EXPECT_EQ(Sums().settled, Money());
  } while (gate_.StepIncomeJob(job));
  EXPECT_EQ(Sums().frozen, Money(1'300));
  gate_.SettleAll();
  EXPECT_EQ(Sums().settled, Money());
}

TEST_F(ManyTips, L7ASettlementWhileAnOrderFreezesDoesNotVerify) {
  Accept();
  gate_.now_ms += kDayMs;
  Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  CoreGate settled;  // the same history, but for the order
  settled.PutScene();
  settled.Tip(settled.MakeTip(PayerId(1), GiftId(5), 1));
  settled.now_ms += kDayMs;
  settled.SettleAll();
  ASSERT_EQ(VerifyHistory(settled), absl::OkStatus());
  Entry forged = settled.journal->entries().back();
  ASSERT_TRUE(std::holds_alternative<SettlementRecord>(forged.records.front()));
  forged.sequence = gate_.journal->Head().sequence + 1;
  gate_.journal->entries().push_back(forged);
  const absl::Status status = VerifyHistory(gate_);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("settles while an order freezes"), std::string::npos) << status;
  is_dead_ = true;
}

TEST_F(ManyTips, L7AnOrderToFreezeTakesNoTipsThatWereHeldWhenItWasGiven) {
  const RecordId pending = Accept();
  const RecordId held = Hold();
  const RecordId job = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  ASSERT_TRUE(gate_.CaptureTip(held).is_accepted());
  while (gate_.StepIncomeJob(job)) continue;
  EXPECT_EQ(gate_.StateOfTip(pending), TipState::kFrozen);
  EXPECT_EQ(gate_.StateOfTip(held), TipState::kPending);
  EXPECT_EQ(Job(job).tips_count, 1);
  EXPECT_EQ(Job(job).skipped_count, 0);
}

TEST_F(ManyTips, L12OrdersAboutAnAgencyFindTipsThatWereHeldBefore) {
  PutAgency(AgencyId(9));
  const RecordId plain = Accept();
  const RecordId captured = Hold();
  ASSERT_TRUE(gate_.CaptureTip(captured).is_accepted());
  const RecordId held = Hold();
  PutAgency(AgencyId(8));
  const RecordId other = Hold();
  ASSERT_TRUE(gate_.CaptureTip(other).is_accepted());
  const RecordId refund = Order(&gate_, IncomeAction::kRefund, IncomeScopeKind::kAgency, 9);
  while (gate_.StepIncomeJob(refund)) continue;
  EXPECT_EQ(gate_.StateOfTip(plain), TipState::kRefunded);
  EXPECT_EQ(gate_.StateOfTip(captured), TipState::kRefunded);
  EXPECT_EQ(gate_.StateOfTip(held), TipState::kHeld);
  EXPECT_EQ(gate_.StateOfTip(other), TipState::kPending);
  EXPECT_EQ(Job(refund).tips_count, 2);
  EXPECT_EQ(Job(refund).skipped_count, 0);
}

TEST_F(ManyTips, L12OnlyTipsThatTheOrderNamesAreSkippedAndOnceEach) {
  const RecordId first = gate_.FreezeIncome(IncomeScopeKind::kTip, Accept().value()).id;
  EXPECT_EQ(Job(first).skipped_count, 0);
  gate_.FreezeIncome(IncomeScopeKind::kTip, Accept().value());
  ASSERT_TRUE(gate_.CloseSession(SessionId(1)).is_accepted());
  gate_.now_ms += kHourMs;
  ASSERT_TRUE(gate_.OpenSession(SessionId(2), StreamerId(1)).is_accepted());
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(1), 10);
  request.session = SessionId(2);
  ASSERT_TRUE(gate_.Tip(request).is_accepted());
  // Those of the first session are frozen for another reason, and no business of this order.
  const RecordId other = gate_.FreezeIncome(IncomeScopeKind::kSession, 2).id;
  EXPECT_EQ(Job(other).tips_count, 1);
  EXPECT_EQ(Job(other).skipped_count, 0);
  // All three are frozen for this case already.
  const RecordId again = gate_.FreezeIncome(IncomeScopeKind::kStreamer, 1).id;
  EXPECT_EQ(Job(again).tips_count, 0);
  EXPECT_EQ(Job(again).skipped_count, 3);
  const RecordId second_case = gate_.FreezeIncome(IncomeScopeKind::kStreamer, 1, "case-2").id;
  EXPECT_EQ(Job(second_case).skipped_count, 0);
  EXPECT_EQ(Job(second_case).frozen_count, 3);
  const RecordId release = gate_.ReleaseIncome(IncomeScopeKind::kSession, 2).id;
  EXPECT_EQ(Job(release).skipped_count, 0);
}

// Three tips, the second of which stands alone in a stretch of time.
class StretchOfTime : public ManyTips {
 protected:
  StretchOfTime() {
    Accept();
    gate_.now_ms += 1;
    start_ms_ = gate_.now_ms;
    inside_ = Accept();
    gate_.now_ms += 1;
    Accept();
  }
  void Order(IncomeAction action, IncomeScopeKind kind, int64_t id) {
    IncomeJobRequest request;
    request.intent = gate_.NewIntent();
    request.action = action;
    request.permille = action == IncomeAction::kRefund ? 1000 : 0;
    request.actor = ActorName("ops-1");
    request.scope = {
        .kind = kind, .id = id, .start_time_ms = start_ms_, .end_time_ms = start_ms_ + 1};
    request.note = {.case_name = CaseName("case-1"), .reason = ReasonText("fraud")};
    gate_.RunIncomeJob(request);
  }

  int64_t start_ms_ = 0;
  RecordId inside_;
};

TEST_F(StretchOfTime, L12AScopeMayBeATimeOfAcceptance) {
  Order(IncomeAction::kFreeze, IncomeScopeKind::kStreamer, 1);
  EXPECT_EQ(gate_.state.frozen_tips, std::set<RecordId>{inside_});
}

TEST_F(StretchOfTime, L12AScopeMayBeEverythingInIt) {
  Order(IncomeAction::kFreeze, IncomeScopeKind::kEverything, 0);
  EXPECT_EQ(gate_.state.frozen_tips, std::set<RecordId>{inside_});
  Order(IncomeAction::kRefund, IncomeScopeKind::kEverything, 0);
  EXPECT_EQ(gate_.StateOfTip(inside_), TipState::kRefunded);
  EXPECT_EQ(Sums().pending, Money(20'000));
  EXPECT_EQ(Sums().refunded, kGift);
}

}  // namespace
}  // namespace tipgate

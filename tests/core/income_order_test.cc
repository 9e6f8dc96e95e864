// Orders about the income of many tips: carried out in steps, several at a time, over crashes.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

#include "core/income_steps.h"
#include "core/tip_lookup.h"
#include "tests/core/tip_life_fixture.h"

namespace tipgate {
namespace {

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
  RecordId Order(CoreGate* gate, IncomeAction action, IncomeScopeKind kind, int64_t id,
                 const char* case_name = "case-1") {
    IncomeJobRequest request;
    request.intent = gate->NewIntent();
    request.action = action;
    request.actor = ActorName("ops-1");
    request.scope = {.kind = kind, .id = id};
    request.permille = action == IncomeAction::kRefund ? 1000 : 0;
    request.note = {.case_name = CaseName(case_name), .reason = ReasonText("fraud")};
    if (kind == IncomeScopeKind::kTip) {
      request.looked_up = *LookUpTip(*gate->journal, *gate->store, RecordId(id));
    }
    return gate
        ->Run(
            IncomeJobCommand{.request = request, .key = gate->LookUp(request.intent), .answer = {}})
        .id;
  }
  void Finish(RecordId job) {
    while (gate_.StepIncomeJob(job)) continue;
    EXPECT_TRUE(Job(job).is_done());
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

// --- Several orders at a time -------------------------------------------------------------------

TEST_F(ManyTips, L12OrdersOfOneCaseAreCarriedOutOneAfterAnother) {
  const std::vector<RecordId> tips = AcceptMany(300);
  const RecordId freeze = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  ASSERT_TRUE(gate_.StepIncomeJob(freeze));
  ASSERT_TRUE(gate_.StepIncomeJob(freeze));
  ASSERT_EQ(gate_.StateOfTip(tips.front()), TipState::kFrozen);
  ASSERT_EQ(gate_.StateOfTip(tips.back()), TipState::kPending);
  // The order has found the one, and not yet the other.
  const RecordId release =
      Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kTip, tips.front().value());
  const RecordId other =
      Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kTip, tips.back().value());
  const int64_t head = gate_.journal->Head().sequence;
  EXPECT_TRUE(gate_.StepIncomeJob(other));
  EXPECT_TRUE(gate_.StepIncomeJob(release));
  EXPECT_EQ(gate_.journal->Head().sequence, head);
  Finish(freeze);
  EXPECT_TRUE(gate_.StepIncomeJob(other));
  Finish(release);
  Finish(other);
  EXPECT_EQ(Job(freeze).tips_count, 300);
  EXPECT_EQ(Job(freeze).frozen_count, 298);
  EXPECT_EQ(gate_.StateOfTip(tips.front()), TipState::kPending);
  EXPECT_EQ(gate_.StateOfTip(tips.back()), TipState::kPending);
}

TEST_F(ManyTips, L12OrdersOfOtherCasesDoNotWait) {
  const std::vector<RecordId> tips = AcceptMany(300);
  const RecordId freeze = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  const RecordId other =
      Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kTip, tips.back().value(), "case-2");
  EXPECT_TRUE(Job(other).is_done());
  EXPECT_EQ(gate_.StateOfTip(tips.back()), TipState::kFrozen);
  Finish(freeze);
}

TEST_F(ManyTips, L12AnOrderAboutOneTipThatHadToWaitFindsItWhereverItIsDue) {
  AcceptMany(300);
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1);
  const RecordId captured = Hold();
  ASSERT_TRUE(gate_.CaptureTip(captured).is_accepted());
  const RecordId release = Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kSession, 1);
  const RecordId freeze =
      Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kTip, captured.value());
  EXPECT_FALSE(Job(freeze).is_done());
  Finish(release);
  EXPECT_EQ(gate_.StateOfTip(captured), TipState::kPending);
  Finish(freeze);
  EXPECT_EQ(gate_.state.frozen_tips, std::set<RecordId>{captured});
  EXPECT_EQ(Job(freeze).tips_count, 1);
  EXPECT_EQ(Job(freeze).skipped_count, 0);
}

// A tip that was released too late is due with two records, and an order that looks at both has
// been at the first when its case releases the tip.
TEST_F(ManyTips, L12AFreezeDoesNotUndoAReleaseBetweenItsSteps) {
  gate_.DelayIncome(StreamerId(1), 30 * kDayMs);
  Accept();  // keeps the beginning of the journal in sight of orders
  gate_.DelayIncome(StreamerId(1), 0);
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value());
  gate_.DelayIncome(StreamerId(1), 30 * kDayMs);
  AcceptMany(300);
  Settle(2 * kDayMs);
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value());
  const RecordId freeze = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kStreamer, 1);
  while (gate_.StateOfTip(tip) != TipState::kFrozen) ASSERT_TRUE(gate_.StepIncomeJob(freeze));
  const RecordId release =
      Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kTip, tip.value());
  Finish(freeze);
  Finish(release);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  EXPECT_EQ(Job(freeze).tips_count, 302);
  EXPECT_EQ(Job(freeze).skipped_count, 0);
  Settle(0);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
}

TEST_F(ManyTips, L8AReleaseLeavesALaterFreezeOfItsCaseAlone) {
  AcceptMany(300);
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1);
  const RecordId first = Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kTip, tip.value());
  ASSERT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  ASSERT_TRUE(Job(first).is_done());
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value());
  const RecordId many = Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kSession, 1);
  const RecordId again = Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kStreamer, 1);
  const RecordId freeze = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kTip, tip.value());
  Finish(many);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);  // by the last order, which waits
  Finish(again);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
  Finish(freeze);
  EXPECT_EQ(gate_.state.frozen_tips, std::set<RecordId>{tip});
  EXPECT_EQ(Job(freeze).tips_count, 1);
  EXPECT_EQ(Job(again).tips_count, 0);
}

// It was held when the order was given, which names what was pending or frozen then.
TEST_F(ManyTips, L7AFreezeLeavesAloneWhatIsCapturedAfterIt) {
  AcceptMany(300);
  const RecordId tip = Hold();
  const RecordId freeze = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kSession, 1);
  gate_.now_ms += 1;
  ASSERT_TRUE(gate_.CaptureTip(tip).is_accepted());
  Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kTip, tip.value(), "case-2");
  ASSERT_TRUE(gate_.StepIncomeJob(freeze));  // through what is frozen
  Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kTip, tip.value(), "case-2");
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  Finish(freeze);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kPending);
  EXPECT_EQ(Job(freeze).tips_count, 300);
}

TEST_F(ManyTips, L7WhatAnotherCaseReleasesDoesNotGetAwayFromAFreeze) {
  const RecordId tip = Accept();
  gate_.FreezeIncome(IncomeScopeKind::kTip, tip.value(), "case-2");
  gate_.DelayIncome(StreamerId(1), 30 * kDayMs);
  AcceptMany(300);
  Settle(2 * kDayMs);
  const RecordId freeze = Order(&gate_, IncomeAction::kFreeze, IncomeScopeKind::kStreamer, 1);
  const RecordId release =
      Order(&gate_, IncomeAction::kRelease, IncomeScopeKind::kTip, tip.value(), "case-2");
  EXPECT_TRUE(Job(release).is_done());
  EXPECT_EQ(Job(release).amount, kGift);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kFrozen);
  EXPECT_EQ(Job(freeze).tips_count, 1);
  EXPECT_EQ(Job(freeze).amount, kGift);
  Finish(freeze);
  EXPECT_EQ(Job(freeze).tips_count, 301);
  EXPECT_EQ(Job(freeze).skipped_count, 0);
  gate_.ReleaseIncome(IncomeScopeKind::kTip, tip.value());
  Settle(0);
  EXPECT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
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

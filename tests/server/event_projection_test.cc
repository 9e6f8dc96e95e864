#include "server/event_projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/core_gate.h"
#include "tests/support/random_evening.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int64_t kDayMs = 24 * 3'600'000;

// All events from `cursor` to the journal's end, taken in responses of full size.
std::vector<v1::Event> EventsFrom(const Journal& journal, EventCursor cursor,
                                  EventKinds kinds = EventKinds()) {
  EventProjection projection(journal, kinds);
  std::vector<v1::Event> events;
  Entry entry;
  while (journal.Read(cursor.sequence, &entry).ok()) {
    v1::WatchEventsResponse response;
    TIPGATE_CHECK(projection.Project(entry, &cursor, &response).ok());
    TIPGATE_CHECK(response.events_size() <= EventProjection::kEventsMax);
    events.insert(events.end(), response.events().begin(), response.events().end());
  }
  return events;
}

// The event after `cursor`, which is not the last.
v1::Event NextEvent(const Journal& journal, EventCursor cursor) {
  EventProjection projection(journal, EventKinds());
  v1::WatchEventsResponse response;
  while (response.events_size() == 0) {
    Entry entry;
    TIPGATE_CHECK(journal.Read(cursor.sequence, &entry).ok());
    TIPGATE_CHECK(projection.Project(entry, &cursor, &response).ok());
  }
  return response.events(0);
}

std::vector<v1::EventKind> KindsOf(const std::vector<v1::Event>& events) {
  std::vector<v1::EventKind> kinds;
  for (const v1::Event& event : events) kinds.push_back(event.kind());
  return kinds;
}

class EventProjectionTest : public ::testing::Test {
 protected:
  // Events of what has happened since the last call.
  std::vector<v1::Event> NewEvents() {
    std::vector<v1::Event> events = EventsFrom(*gate_.journal, next_);
    next_.sequence = gate_.journal->Head().sequence + 1;
    return events;
  }

  CoreGate gate_;
  EventCursor next_;
};

TEST_F(EventProjectionTest, TellsWhoProposedApprovedAndWithdrewAPolicy) {
  NewEvents();
  const int64_t time_ms = gate_.now_ms + 1'000;
  const RecordId kept = gate_.Propose(SamplePolicy(), "ann", time_ms).id;
  gate_.Approve(kept, "bob");
  const RecordId dropped = gate_.Propose(SamplePolicy(), "ann").id;
  gate_.Withdraw(dropped, "cid");
  gate_.now_ms = time_ms;
  gate_.Tick();
  const std::vector<v1::Event> events = NewEvents();
  EXPECT_THAT(KindsOf(events),
              ElementsAre(v1::EVENT_KIND_POLICY_PROPOSED, v1::EVENT_KIND_POLICY_APPROVED,
                          v1::EVENT_KIND_POLICY_PROPOSED, v1::EVENT_KIND_POLICY_WITHDRAWN,
                          v1::EVENT_KIND_POLICY_ACTIVATED));
  EXPECT_EQ(events[0].identity(), "ann");
  EXPECT_EQ(events[0].effective_time().seconds(), time_ms / 1'000);
  EXPECT_EQ(events[1].identity(), "bob");
  EXPECT_EQ(events[1].proposal_id(), kept.value());
  EXPECT_FALSE(events[2].has_effective_time());
  EXPECT_EQ(events[3].identity(), "cid");
  EXPECT_EQ(events[3].proposal_id(), dropped.value());
  EXPECT_EQ(events[4].proposal_id(), kept.value());
  EXPECT_EQ(events[4].policy_version(), 2);
}

// As if tips with all the settle delays that there may be had been accepted since the approval.
TEST_F(EventProjectionTest, TellsThatAnApprovedPolicyDidNotFitAnyMoreAndByNobody) {
  const int64_t time_ms = gate_.now_ms + 1'000;
  Policy policy = SamplePolicy();
  policy.tiers.front().settle_delay_ms = 12'345;
  const RecordId proposal = gate_.Propose(policy, "ann", time_ms).id;
  gate_.Approve(proposal, "bob");
  for (int64_t delay_ms = 1; delay_ms <= int64_t{kPolicyDelaysMax}; ++delay_ms) {
    gate_.state.totals.cursors.push_back({.delay_ms = delay_ms, .last_sequence = 1});
  }
  NewEvents();
  gate_.now_ms = time_ms;
  gate_.Tick();
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_POLICY_ACTIVATION_FAILED));
  EXPECT_EQ(events[0].proposal_id(), proposal.value());
  EXPECT_EQ(events[0].identity(), "");
  EXPECT_FALSE(events[0].has_effective_time());
  EXPECT_EQ(events[0].event_time().seconds(), time_ms / 1'000);
}

TEST_F(EventProjectionTest, TellsUntilWhenAPayerHasPaused) {
  gate_.PutScene();
  NewEvents();
  gate_.Pause(PayerId(1), absl::Hours(24));
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_PAYER_PAUSED));
  EXPECT_EQ(events[0].payer_id(), 1);
  EXPECT_EQ(events[0].end_time().seconds() * 1'000, gate_.now_ms + kDayMs);
}

TEST_F(EventProjectionTest, TellsPolicyFactsAndSessions) {
  gate_.PutScene();
  gate_.CloseSession(SessionId(1));
  const std::vector<v1::Event> events = NewEvents();
  EXPECT_THAT(KindsOf(events),
              ElementsAre(v1::EVENT_KIND_POLICY_ACTIVATED, v1::EVENT_KIND_GIFTS_CHANGED,
                          v1::EVENT_KIND_PAYER_CHANGED, v1::EVENT_KIND_STREAMER_CHANGED,
                          v1::EVENT_KIND_SESSION_OPENED, v1::EVENT_KIND_SESSION_CLOSED));
  EXPECT_EQ(events[0].policy_version(), 1);
  EXPECT_EQ(events[0].proposal_id(), 0);
  EXPECT_EQ(events[1].gifts_version(), 1);
  EXPECT_EQ(events[2].payer_id(), 1);
  EXPECT_EQ(events[3].streamer_id(), 1);
  EXPECT_EQ(events[4].session_id(), 1);
  EXPECT_EQ(events[4].streamer_id(), 1);
}

TEST_F(EventProjectionTest, TellsATipThenItsRemindersThenItsCoolingOff) {
  Policy policy = SamplePolicy();
  policy.cooling_off.single_min = Money(500'000);
  policy.cooling_off.duration_ms = 60'000;
  gate_.Activate(policy);
  gate_.PutScene();
  gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 49));
  NewEvents();
  const Decided tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_TIP_ACCEPTED, v1::EVENT_KIND_REMINDER,
                                           v1::EVENT_KIND_COOLING_OFF_STARTED));
  EXPECT_EQ(events[2].payer_id(), 1);
  EXPECT_EQ(events[2].tip_id(), tip.id.value());
  EXPECT_EQ(events[2].end_time().seconds() * 1'000, gate_.now_ms + 60'000);
}

TEST_F(EventProjectionTest, TellsWhatHoldsAPayerBackButNoToken) {
  gate_.PutScene();
  NewEvents();
  SelfLimitsRecord limits;
  limits.payer = PayerId(1);
  limits.day_limit_change = {.kind = LimitChangeKind::kSet, .amount = Money(5)};
  gate_.SetSelfLimits(limits);
  limits.day_limit_change = {.kind = LimitChangeKind::kRemove};
  gate_.SetSelfLimits(limits);  // not confirmed
  gate_.CompleteConfirmation(PayerId(1), ConfirmationScope::kSelfLimits, ConfirmationToken("no"));
  const ConfirmationToken token =
      gate_.StartConfirmation(PayerId(1), ConfirmationScope::kSelfLimits).confirmation.token;
  gate_.CompleteConfirmation(PayerId(1), ConfirmationScope::kSelfLimits, token);
  gate_.CoolOff(PayerId(1), absl::Minutes(1));
  gate_.Freeze(PayerId(1));
  gate_.Unfreeze(PayerId(1), "a");
  gate_.Unfreeze(PayerId(1), "b");
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events),
              ElementsAre(v1::EVENT_KIND_SELF_LIMITS_CHANGED, v1::EVENT_KIND_CONFIRMED,
                          v1::EVENT_KIND_COOLING_OFF_STARTED, v1::EVENT_KIND_PAYER_FROZEN,
                          v1::EVENT_KIND_PAYER_UNFROZEN));
  for (const v1::Event& event : events) {
    EXPECT_EQ(event.payer_id(), 1);
    EXPECT_EQ(event.SerializeAsString().find(std::string(token.view())), std::string::npos);
  }
  EXPECT_EQ(events[1].confirmation_scope(), v1::CONFIRMATION_SCOPE_SELF_LIMITS);
  EXPECT_EQ(events[2].end_time().seconds() * 1'000, gate_.now_ms + 60'000);
  EXPECT_NE(events[3].case_reference(), "");
  EXPECT_EQ(events[4].identity(), "b");
}

TEST_F(EventProjectionTest, TellsATipThenItsReminders) {
  gate_.PutScene();
  NewEvents();
  gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  const Decided second = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  ASSERT_THAT(second.reminders, SizeIs(2));
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_TIP_ACCEPTED, v1::EVENT_KIND_TIP_ACCEPTED,
                                           v1::EVENT_KIND_REMINDER, v1::EVENT_KIND_REMINDER));
  EXPECT_EQ(events[1].tip_id(), second.id.value());
  EXPECT_EQ(events[2].tip_id(), second.id.value());
  EXPECT_EQ(events[2].payer_id(), 1);
  EXPECT_EQ(events[2].reminder().period(), v1::PERIOD_DAY);
  EXPECT_EQ(events[2].reminder().threshold_permille(), 300);
  EXPECT_EQ(events[3].reminder().threshold_permille(), 500);
}

TEST_F(EventProjectionTest, TellsWhyATipWasRejected) {
  gate_.PutScene();
  NewEvents();
  const Decided tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(3), 1));
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_TIP_REJECTED));
  EXPECT_THAT(events[0].rejection_codes(), ElementsAre(v1::REJECTION_CODE_GIFT_PRICE_CAP));
  EXPECT_EQ(events[0].tip_id(), tip.id.value());
  EXPECT_EQ(events[0].payer_id(), 1);
  EXPECT_EQ(events[0].streamer_id(), 1);
  EXPECT_EQ(events[0].session_id(), 1);
  EXPECT_EQ(events[0].amount_minor(), 300'001);
  EXPECT_EQ(events[0].event_time().seconds(), gate_.now_ms / 1000);
}

TEST_F(EventProjectionTest, FollowsARechargeByItsId) {
  gate_.PutScene();
  NewEvents();
  const Decided held = gate_.Recharge(PayerId(1), Money(100));
  gate_.Capture(held.id);
  const Decided voided = gate_.Recharge(PayerId(1), Money(200));
  gate_.Void(voided.id);
  gate_.Recharge(PayerId(1), Money(500'001));
  const Decided expired = gate_.Recharge(PayerId(1), Money(300), 1000);
  gate_.now_ms += 1000;
  gate_.Tick();
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events),
              ElementsAre(v1::EVENT_KIND_RECHARGE_HELD, v1::EVENT_KIND_RECHARGE_CAPTURED,
                          v1::EVENT_KIND_RECHARGE_HELD, v1::EVENT_KIND_RECHARGE_VOIDED,
                          v1::EVENT_KIND_RECHARGE_REJECTED, v1::EVENT_KIND_RECHARGE_HELD,
                          v1::EVENT_KIND_RECHARGE_EXPIRED));
  for (const size_t i : {0, 1}) EXPECT_EQ(events[i].recharge_id(), held.id.value());
  for (const size_t i : {2, 3}) EXPECT_EQ(events[i].recharge_id(), voided.id.value());
  for (const size_t i : {5, 6}) EXPECT_EQ(events[i].recharge_id(), expired.id.value());
  EXPECT_EQ(events[6].amount_minor(), 300);
  EXPECT_THAT(events[4].rejection_codes(), ElementsAre(v1::REJECTION_CODE_RECHARGE_CAP));
}

TEST_F(EventProjectionTest, ALateRechargeTellsWhyTheMoneyMustGoBack) {
  gate_.PutScene();
  const Decided held = gate_.Recharge(PayerId(1), Money(400'000), 1000);
  gate_.now_ms += 1000;
  gate_.Tick();
  for (int i = 0; i < 5; ++i) gate_.Recharge(PayerId(1), Money(400'000));
  NewEvents();
  gate_.Capture(held.id);
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_LATE_RECHARGE));
  EXPECT_EQ(events[0].recharge_id(), held.id.value());
  EXPECT_THAT(events[0].rejection_codes(), ElementsAre(v1::REJECTION_CODE_RECHARGE_DAY_LIMIT));
}

TEST_F(EventProjectionTest, ASettlementTellsEachOfItsTipsOnce) {
  gate_.PutScene();
  std::vector<int64_t> ids;
  for (int i = 0; i < 300; ++i) {
    ids.push_back(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)).id.value());
  }
  gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 10));  // waits longer
  gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(3), 1));   // is rejected
  gate_.now_ms += kDayMs;
  NewEvents();
  ASSERT_TRUE(gate_.Settle(kDayMs));
  std::vector<int64_t> settled;
  for (const v1::Event& event : NewEvents()) {
    EXPECT_EQ(event.kind(), v1::EVENT_KIND_TIP_SETTLED);
    EXPECT_EQ(event.amount_minor(), 1);
    EXPECT_EQ(event.event_time().seconds(), gate_.now_ms / 1000);
    settled.push_back(event.tip_id());
  }
  EXPECT_EQ(settled, ids);
}

TEST_F(EventProjectionTest, ResumesExactlyAfterAnyEvent) {
  gate_.PutScene();
  for (int i = 0; i < 4; ++i) gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  RunRandomEvening(/*seed=*/11, /*operations=*/1'500, &gate_);
  const std::vector<v1::Event> all = NewEvents();
  ASSERT_GT(all.size(), 1'000U);
  std::set<v1::EventKind> seen;
  for (size_t i = 0; i < all.size(); ++i) {
    seen.insert(all[i].kind());
    const std::optional<EventCursor> cursor = EventCursor::Parse(all[i].cursor());
    ASSERT_TRUE(cursor.has_value());
    Entry entry;
    ASSERT_TRUE(gate_.journal->Read(cursor->sequence, &entry).ok());
    EXPECT_TRUE(EventProjection::IsPlaceIn(entry, *cursor));
    if (i % 64 == 0) {
      ASSERT_EQ(EventsFrom(*gate_.journal, *cursor).size(), all.size() - i - 1);
    }
    if (i + 1 == all.size()) break;
    const v1::Event next = NextEvent(*gate_.journal, *cursor);
    ASSERT_EQ(next.SerializeAsString(), all[i + 1].SerializeAsString());
  }
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_TIP_SETTLED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_REMINDER));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_COOLING_OFF_STARTED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_SELF_LIMITS_CHANGED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_CONFIRMED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_PAYER_FROZEN));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_PAYER_UNFROZEN));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_EMERGENCY_STOP_STARTED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_EMERGENCY_STOP_LIFTED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_STREAMER_SANCTIONED));
  EXPECT_TRUE(seen.contains(v1::EVENT_KIND_SANCTION_LIFTED));
}

TEST_F(EventProjectionTest, AStopTellsItsScopeAndIsLiftedOnlyByTheSecondPerson) {
  const StopScope scope = {.kind = StopKind::kGift, .id = 7};
  NewEvents();
  gate_.Stop(scope, "ann");
  gate_.LiftStop(scope, "ann");
  gate_.LiftStop(scope, "bob");
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind(), v1::EVENT_KIND_EMERGENCY_STOP_STARTED);
  EXPECT_EQ(events[0].identity(), "ann");
  EXPECT_EQ(events[1].kind(), v1::EVENT_KIND_EMERGENCY_STOP_LIFTED);
  EXPECT_EQ(events[1].identity(), "bob");
  for (const v1::Event& event : events) EXPECT_EQ(event.stop_scope().gift_id(), 7);
}

TEST_F(EventProjectionTest, ASanctionTellsKindCaseAndWhenReceivingComesBack) {
  gate_.PutAdultStreamer(StreamerId(1), "L1");
  NewEvents();
  SanctionRecord record;
  record.streamer = StreamerId(1);
  record.kind = SanctionKind::kMute;
  record.mute_ms = 1'000;
  const Decided muted = gate_.Sanction(record);
  record.kind = SanctionKind::kBan;
  gate_.Sanction(record);
  gate_.LiftSanction(StreamerId(1), muted.id);
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind(), v1::EVENT_KIND_STREAMER_SANCTIONED);
  EXPECT_EQ(events[0].streamer_id(), 1);
  EXPECT_EQ(events[0].sanction_id(), muted.id.value());
  EXPECT_EQ(events[0].sanction_kind(), v1::SANCTION_KIND_MUTE);
  EXPECT_EQ(events[0].end_time().seconds(), gate_.now_ms / 1'000 + 2);
  EXPECT_EQ(events[0].case_reference(), "case-1");
  EXPECT_FALSE(events[1].has_end_time());
  EXPECT_EQ(events[2].kind(), v1::EVENT_KIND_SANCTION_LIFTED);
  EXPECT_EQ(events[2].sanction_id(), muted.id.value());
  EXPECT_EQ(events[2].identity(), "ops-2");
}

TEST_F(EventProjectionTest, CountsOfEventsAreThoseOfTheTotals) {
  RunRandomEvening(/*seed=*/12, /*operations=*/3'000, &gate_);
  std::map<v1::EventKind, int64_t> counts;
  int64_t settled_minor = 0;
  for (const v1::Event& event : NewEvents()) {
    ++counts[event.kind()];
    if (event.kind() == v1::EVENT_KIND_TIP_SETTLED) settled_minor += event.amount_minor();
  }
  const Totals& totals = gate_.state.totals;
  EXPECT_EQ(counts[v1::EVENT_KIND_TIP_ACCEPTED], totals.tips_accepted_count);
  EXPECT_EQ(counts[v1::EVENT_KIND_TIP_REJECTED], totals.tips_rejected_count);
  EXPECT_EQ(counts[v1::EVENT_KIND_REMINDER], totals.reminders_count);
  EXPECT_EQ(settled_minor, totals.tips.settled.minor());
}

TEST_F(EventProjectionTest, GivesOnlyTheKindsThatAreWanted) {
  RunRandomEvening(/*seed=*/13, /*operations=*/500, &gate_);
  EventKinds kinds;
  kinds.Add(v1::EVENT_KIND_TIP_ACCEPTED);
  kinds.Add(v1::EVENT_KIND_SESSION_OPENED);
  size_t wanted = 0;
  for (const v1::Event& event : NewEvents()) wanted += kinds.Contains(event.kind()) ? 1 : 0;
  const std::vector<v1::Event> events = EventsFrom(*gate_.journal, EventCursor(), kinds);
  EXPECT_EQ(events.size(), wanted);
  for (const v1::Event& event : events) EXPECT_TRUE(kinds.Contains(event.kind()));
}

TEST_F(EventProjectionTest, PlacesOutsideOfAnEntryAreToldApart) {
  gate_.PutScene();
  const Decided tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1));
  Entry entry;
  const int64_t sequence = tip.id.sequence();
  ASSERT_TRUE(gate_.journal->Read(sequence, &entry).ok());
  EXPECT_TRUE(EventProjection::IsPlaceIn(entry, {.sequence = sequence, .position = 0, .part = 0}));
  EXPECT_TRUE(EventProjection::IsPlaceIn(entry, {.sequence = sequence, .position = 0, .part = 1}));
  EXPECT_FALSE(EventProjection::IsPlaceIn(entry, {.sequence = sequence, .position = 0, .part = 2}));
  EXPECT_FALSE(EventProjection::IsPlaceIn(entry, {.sequence = sequence, .position = 1, .part = 0}));
}

TEST_F(EventProjectionTest, TellsTheLaterLifeOfTips) {
  gate_.PutScene();
  const auto hold = [&] {
    TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), 1);
    request.is_hold = true;
    request.hold_ms = 1'000;
    return gate_.Tip(request).id;
  };
  const RecordId captured = hold();
  const RecordId voided = hold();
  hold();
  NewEvents();
  gate_.CaptureTip(captured, Money(4'000));
  gate_.VoidTip(voided);
  gate_.Advance(absl::Seconds(1));
  gate_.Tick();
  gate_.RefundTip(captured, Money(1'000));
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events),
              ElementsAre(v1::EVENT_KIND_TIP_CAPTURED, v1::EVENT_KIND_TIP_VOIDED,
                          v1::EVENT_KIND_TIP_EXPIRED, v1::EVENT_KIND_TIP_REFUNDED));
  EXPECT_EQ(events[0].tip_id(), captured.value());
  EXPECT_EQ(events[0].payer_id(), 1);
  EXPECT_EQ(events[0].streamer_id(), 1);
  EXPECT_EQ(events[0].session_id(), 1);
  EXPECT_EQ(events[0].amount_minor(), 4'000);
  EXPECT_EQ(events[1].amount_minor(), 10'000);
  EXPECT_EQ(events[2].amount_minor(), 10'000);
  EXPECT_EQ(events[3].amount_minor(), 1'000);
  EXPECT_NE(events[3].case_reference(), "");
}

TEST_F(EventProjectionTest, R15AndR16MoneyThatGoesBackToTheBalanceIsToldAsSuch) {
  Policy policy = SamplePolicy();
  policy.wallet = WalletMode::kManaged;
  policy.tip_life.remorse_ms = 60'000;
  gate_.Activate(policy);
  gate_.PutScene();
  const RecordId recharge = gate_.AddBalance(PayerId(1), Money(1'000));
  TipRequest hold = gate_.MakeTip(PayerId(1), GiftId(1), 300);
  hold.is_hold = true;
  const RecordId held = gate_.Tip(hold).id;
  const RecordId tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 100)).id;
  NewEvents();
  gate_.CaptureTip(held, Money(250));
  gate_.RefundTip(held, Money(250));
  gate_.VoidTip(tip);
  gate_.RefundRecharge(recharge, Money(400));
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events),
              ElementsAre(v1::EVENT_KIND_TIP_CAPTURED, v1::EVENT_KIND_TIP_REFUNDED,
                          v1::EVENT_KIND_TIP_VOIDED, v1::EVENT_KIND_RECHARGE_REFUNDED));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(events[i].to_balance()) << i;
  EXPECT_FALSE(events[3].to_balance());
  EXPECT_EQ(events[3].recharge_id(), recharge.value());
  EXPECT_EQ(events[3].amount_minor(), 400);
}

TEST_F(EventProjectionTest, TellsAnOrderItsTipsAndItsEnd) {
  gate_.PutScene();
  const RecordId tip = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 1)).id;
  NewEvents();
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1, "case-1");
  const std::vector<v1::Event> frozen = NewEvents();
  ASSERT_THAT(KindsOf(frozen),
              ElementsAre(v1::EVENT_KIND_INCOME_JOB_STARTED, v1::EVENT_KIND_TIP_FROZEN,
                          v1::EVENT_KIND_INCOME_JOB_DONE));
  EXPECT_EQ(frozen[0].case_reference(), "case-1");
  EXPECT_EQ(frozen[0].income_action(), v1::INCOME_ACTION_FREEZE);
  EXPECT_EQ(frozen[0].income_scope().session_id(), 1);
  EXPECT_EQ(frozen[1].tip_id(), tip.value());
  EXPECT_EQ(frozen[1].income_job_id(), frozen[0].income_job_id());
  EXPECT_EQ(frozen[2].income_job_id(), frozen[0].income_job_id());
  gate_.FreezeIncome(IncomeScopeKind::kSession, 1, "case-2");
  gate_.ReleaseIncome(IncomeScopeKind::kSession, 1, "case-1");
  EXPECT_THAT(KindsOf(NewEvents()),
              ElementsAre(v1::EVENT_KIND_INCOME_JOB_STARTED, v1::EVENT_KIND_INCOME_JOB_DONE,
                          v1::EVENT_KIND_INCOME_JOB_STARTED, v1::EVENT_KIND_INCOME_JOB_DONE))
      << "the tip is frozen all the while";
  gate_.ReleaseIncome(IncomeScopeKind::kSession, 1, "case-2");
  EXPECT_THAT(KindsOf(NewEvents()),
              ElementsAre(v1::EVENT_KIND_INCOME_JOB_STARTED, v1::EVENT_KIND_TIP_RELEASED,
                          v1::EVENT_KIND_INCOME_JOB_DONE));
}

// Of which one is frozen, one released late, one refunded in part, one captured, one held.
TEST_F(EventProjectionTest, EachTipSettlesOnceWithTheAmountThatSettles) {
  gate_.PutScene();
  const auto tip = [&] { return gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 1)).id; };
  const auto hold = [&] {
    TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), 1);
    request.is_hold = true;
    request.hold_ms = kDayMs;
    return gate_.Tip(request).id;
  };
  const RecordId plain = tip();
  const RecordId frozen = tip();
  const RecordId late = tip();
  const RecordId refunded = tip();
  const RecordId captured = hold();
  hold();
  gate_.FreezeIncome(IncomeScopeKind::kTip, frozen.value());
  gate_.FreezeIncome(IncomeScopeKind::kTip, late.value());
  gate_.RefundTip(refunded, Money(1'000));
  gate_.CaptureTip(captured, Money(4'000));
  gate_.Advance(absl::Hours(24));
  gate_.SettleAll();
  gate_.ReleaseIncome(IncomeScopeKind::kTip, late.value());
  gate_.SettleAll();
  EventKinds kinds;
  kinds.Add(v1::EVENT_KIND_TIP_SETTLED);
  std::map<int64_t, std::vector<int64_t>> amounts;
  for (const v1::Event& event : EventsFrom(*gate_.journal, {.sequence = 1}, kinds)) {
    amounts[event.tip_id()].push_back(event.amount_minor());
  }
  const std::map<int64_t, std::vector<int64_t>> expected = {{plain.value(), {10'000}},
                                                            {late.value(), {10'000}},
                                                            {refunded.value(), {9'000}},
                                                            {captured.value(), {4'000}}};
  EXPECT_EQ(amounts, expected);
}

TEST_F(EventProjectionTest, TellsThatIncomeIsDelayed) {
  gate_.PutScene();
  NewEvents();
  gate_.DelayIncome(StreamerId(1), 2 * kDayMs);
  const std::vector<v1::Event> events = NewEvents();
  ASSERT_THAT(KindsOf(events), ElementsAre(v1::EVENT_KIND_INCOME_DELAYED));
  EXPECT_EQ(events[0].streamer_id(), 1);
  EXPECT_EQ(events[0].income_delay().seconds(), 2 * 86'400);
}

TEST(EventCursor, TextsAreReadBack) {
  for (const EventCursor& cursor : {EventCursor(), EventCursor{12, 3, 4},
                                    EventCursor{RecordId::kSequenceMax, 65'535, INT64_MAX}}) {
    EXPECT_EQ(EventCursor::Parse(cursor.ToText()), cursor);
  }
}

TEST(EventCursor, AnyOtherTextIsRefused) {
  for (const char* text : {"",
                           "a",
                           "1.0.0",
                           "a1.0",
                           "a1.0.0.0",
                           "a01.0.0",
                           "a1.0.0 ",
                           " a1.0.0",
                           "a+1.0.0",
                           "a0.0.0",
                           "a-1.0.0",
                           "a1.-1.0",
                           "a1.0.-1",
                           "a1.65536.0",
                           "a70368744177665.0.0",
                           "b1.0.0",
                           "A1.0.0",
                           "a1..0",
                           "a1.0.9223372036854775808",
                           "a1,0,0"}) {
    EXPECT_FALSE(EventCursor::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(EventCursor::Parse(std::string(1 << 20, 'a')).has_value());
}

}  // namespace
}  // namespace tipgate

#include "core/rules/session_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;

constexpr StreamerId kStreamer{1};

// A streamer of tier L1: 4 h, 3 a day, 30 min apart.
class SessionRulesTest : public ::testing::Test {
 protected:
  SessionRulesTest() {
    gate_.SetTime("2026-11-24 08:00:00.000");
    gate_.PutAdultStreamer(kStreamer, "L1");
  }

  Decided Open(int64_t session) { return gate_.OpenSession(SessionId(session), kStreamer); }
  void OpenAndClose(int64_t session) {
    ASSERT_TRUE(Open(session).is_accepted());
    ASSERT_TRUE(gate_.CloseSession(SessionId(session)).is_accepted());
  }

  CoreGate gate_;
};

TEST_F(SessionRulesTest, S7AnOpenedSessionKnowsItsLatestEnd) {
  const Decided opened = Open(1);
  EXPECT_TRUE(opened.is_accepted());
  EXPECT_EQ(opened.session.max_end_time_ms, gate_.now_ms + 4 * 3'600'000);
  EXPECT_EQ(opened.session.received_max, Money(2'000'000));
}

TEST_F(SessionRulesTest, S1UnknownStreamersAreRefused) {
  EXPECT_THAT(gate_.OpenSession(SessionId(1), StreamerId(9)).codes(),
              ElementsAre(RejectionCode::kStreamerUnavailable));
}

TEST_F(SessionRulesTest, S3AStreamerHasOneOpenSession) {
  Open(1);
  EXPECT_THAT(Open(2).codes(), ElementsAre(RejectionCode::kSessionAlreadyOpen));
}

TEST_F(SessionRulesTest, S6AnIdIsOpenedOnce) {
  OpenAndClose(1);
  EXPECT_EQ(Open(1).error(), ErrorReason::kIdTaken);
}

TEST_F(SessionRulesTest, S5TheIntervalIsKeptToTheMillisecond) {
  OpenAndClose(1);
  const int64_t next_ms = gate_.now_ms + 30 * 60'000;
  gate_.now_ms = next_ms - 1;
  const Decided refused = Open(2);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kSessionInterval));
  EXPECT_EQ(refused.session.retry_time_ms, next_ms);
  gate_.now_ms = next_ms;
  EXPECT_TRUE(Open(2).is_accepted());
}

TEST_F(SessionRulesTest, S4OnlySoManySessionsADay) {
  for (int64_t session = 1; session <= 3; ++session) {
    OpenAndClose(session);
    gate_.now_ms += 30 * 60'000;
  }
  const Decided refused = Open(4);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kSessionCountLimit));
  EXPECT_EQ(refused.violations[0].limit, 3);
  EXPECT_EQ(refused.violations[0].used, 3);
  gate_.SetTime("2026-11-25 00:00:00.000");
  EXPECT_EQ(refused.session.retry_time_ms, gate_.now_ms);
  EXPECT_TRUE(Open(4).is_accepted());
}

TEST_F(SessionRulesTest, S7ATierChangeAppliesToTheNextSession) {
  Open(1);
  gate_.PutAdultStreamer(kStreamer, "L3");
  EXPECT_EQ(gate_.state.sessions.Find(SessionId(1))->tier, TierName("L1"));
  gate_.CloseSession(SessionId(1));
  gate_.now_ms += 30 * 60'000;
  EXPECT_EQ(Open(2).session.tier, TierName("L3"));
}

// L1: 4 h and 20,000 yuan a session; L3: 8 h and 500,000 yuan.
TEST_F(SessionRulesTest, S7ATierChangeHoldsAtOnceWhereThePolicySaysSo) {
  Policy policy = SamplePolicy();
  policy.tier_change_at_once = true;
  policy.settle_delays.clear();
  gate_.Activate(policy);
  gate_.PutAdult(PayerId(1));
  ASSERT_TRUE(Open(1).is_accepted());
  const int64_t open_ms = gate_.now_ms;
  const auto tip = [&] { return gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 1)); };
  EXPECT_EQ(tip().tip.terms.settle_delay_ms, int64_t{7} * 24 * 3'600'000);
  gate_.now_ms = open_ms + 4 * 3'600'000;
  EXPECT_THAT(tip().codes(), ElementsAre(RejectionCode::kSessionOvertime));
  gate_.PutAdultStreamer(kStreamer, "L3");
  EXPECT_EQ(tip().tip.terms.settle_delay_ms, int64_t{24} * 3'600'000);
  gate_.now_ms = open_ms + 8 * 3'600'000 - 1;
  EXPECT_TRUE(tip().is_accepted());
  gate_.now_ms += 1;
  EXPECT_THAT(tip().codes(), ElementsAre(RejectionCode::kSessionOvertime));
  gate_.PutAdultStreamer(kStreamer, "L1");
  const SessionRecord closed = gate_.CloseSession(SessionId(1)).session;
  EXPECT_EQ(closed.tier, TierName("L1"));
  EXPECT_EQ(closed.max_end_time_ms, open_ms + 4 * 3'600'000);
  EXPECT_EQ(closed.received_max, Money(2'000'000));
  EXPECT_EQ(VerifyHistory(gate_), absl::OkStatus());
}

TEST_F(SessionRulesTest, S7ATierThatThePolicyHasNoMoreMayReceiveNothing) {
  gate_.PutAdult(PayerId(1));
  ASSERT_TRUE(Open(1).is_accepted());
  Policy policy = SamplePolicy();
  policy.tier_change_at_once = true;
  policy.tiers.erase(policy.tiers.begin());
  gate_.Activate(policy);
  gate_.now_ms += 4 * 3'600'000 - 1;
  EXPECT_THAT(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 1)).codes(),
              ElementsAre(RejectionCode::kSessionCap));
  gate_.now_ms += 1;  // the end of its opening stands
  EXPECT_THAT(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 1)).codes(),
              ElementsAre(RejectionCode::kSessionOvertime, RejectionCode::kSessionCap));
}

TEST_F(SessionRulesTest, ClosingTwiceOrWhatIsUnknownIsRefused) {
  EXPECT_EQ(gate_.CloseSession(SessionId(1)).error(), ErrorReason::kNotFound);
  OpenAndClose(1);
  EXPECT_EQ(gate_.CloseSession(SessionId(1)).error(), ErrorReason::kWrongState);
}

TEST_F(SessionRulesTest, FactsMustFitThePolicyAndTime) {
  StreamerRecord record;
  record.streamer = kStreamer;
  record.tier = TierName("L9");
  EXPECT_EQ(gate_.PutStreamer(record).error(), ErrorReason::kInvalidField);
  PayerRecord payer;
  payer.payer = PayerId(1);
  payer.requested_observe_time_ms = gate_.now_ms + kClockAheadMaxMs + 1;
  EXPECT_EQ(gate_.PutPayer(payer).error(), ErrorReason::kInvalidField);
  payer.requested_observe_time_ms = gate_.now_ms + kClockAheadMaxMs;
  EXPECT_TRUE(gate_.PutPayer(payer).is_accepted());
  // Counts as observed now: facts that come next are not older.
  EXPECT_EQ(gate_.state.payers.Find(PayerId(1))->observe_time_ms, gate_.now_ms);
  payer.requested_observe_time_ms = gate_.now_ms;
  EXPECT_TRUE(gate_.PutPayer(payer).is_accepted());
  payer.requested_observe_time_ms = gate_.now_ms - 1;
  EXPECT_EQ(gate_.PutPayer(payer).error(), ErrorReason::kWrongState);
}

TEST_F(SessionRulesTest, NobodyIsBornInTheFuture) {
  gate_.SetTime("2026-11-30 12:00:00.000");
  const std::pair<CivilDate, bool> cases[] = {
      {{.year = 2026, .month = 11, .day = 30}, true},
      {{.year = 2026, .month = 12, .day = 1}, true},  // today, in a zone farther east
      {{.year = 2026, .month = 12, .day = 2}, false},
      {{.year = 2027, .month = 1, .day = 1}, false},
      {{.year = 2500, .month = 1, .day = 1}, false},
  };
  for (const auto& [date, is_taken] : cases) {
    PayerRecord payer;
    payer.payer = PayerId(1);
    payer.age.birth_date = date;
    StreamerRecord streamer;
    streamer.streamer = kStreamer;
    streamer.tier = TierName("L1");
    streamer.age.birth_date = date;
    for (const Decided& decided : {gate_.PutPayer(payer), gate_.PutStreamer(streamer)}) {
      EXPECT_EQ(decided.is_accepted(), is_taken) << date.year << "-" << int{date.month};
      if (is_taken) continue;
      EXPECT_EQ(std::get<RequestError>(decided.answer).reason, ErrorReason::kInvalidField);
      EXPECT_STREQ(std::get<RequestError>(decided.answer).field, "facts.birth_date");
    }
  }
}

TEST_F(SessionRulesTest, S6AndS8AClosedSessionLeavesTheMemoryAfterAMonthButKeepsItsId) {
  OpenAndClose(1);
  gate_.Checkpoint();
  gate_.Checkpoint();
  gate_.now_ms += kSessionMemoryMs - 1;
  gate_.Tick();
  EXPECT_EQ(gate_.state.sessions.size(), 1u);
  EXPECT_EQ(gate_.CloseSession(SessionId(1)).error(), ErrorReason::kWrongState);
  gate_.now_ms += 1;
  gate_.ForgetWhatIsDue();
  EXPECT_EQ(gate_.state.sessions.size(), 0u);
  gate_.Checkpoint();
  EXPECT_EQ(gate_.CloseSession(SessionId(1)).error(), ErrorReason::kNotFound);
  EXPECT_EQ(Open(1).error(), ErrorReason::kIdTaken);
  EXPECT_EQ(gate_.Recovered()->state.sessions.size(), 0u);
}

// As after a month without power.
TEST_F(SessionRulesTest, S6AnOldSessionThatIsNotStoredYetKeepsItsId) {
  OpenAndClose(1);
  gate_.now_ms += 2 * kSessionMemoryMs;
  gate_.ForgetWhatIsDue();
  EXPECT_EQ(gate_.CloseSession(SessionId(1)).error(), ErrorReason::kNotFound);
  EXPECT_EQ(Open(1).error(), ErrorReason::kIdTaken);
}

TEST_F(SessionRulesTest, S8DecisionsDoNotSeeWhetherAnOldSessionHasLeftTheMemory) {
  OpenAndClose(1);
  gate_.Checkpoint();
  gate_.now_ms += kSessionMemoryMs;
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), 1);
  EXPECT_EQ(gate_.Tip(request).codes().at(1), RejectionCode::kSessionNotOpen);
  // Recovered from before it was forgotten; and decided again by a fold that forgets nothing.
  EXPECT_EQ(ProveHistory(gate_), absl::OkStatus());
}

TEST_F(SessionRulesTest, S8AnOpenSessionIsNeverForgotten) {
  Open(1);
  gate_.Checkpoint();
  gate_.now_ms += 2 * kSessionMemoryMs;
  gate_.ForgetWhatIsDue();
  EXPECT_TRUE(gate_.Recovered()->CloseSession(SessionId(1)).is_accepted());
}

TEST(StateLimits, NewThingsBeyondTheMaximumAreRefusedAndKnownOnesAreNot) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.payers_max = 1;
  limits.streamers_max = 1;
  limits.sessions_max = 1;
  limits.recharges_max = 1;
  CoreGate gate(SamplePolicy(), limits);
  gate.PutScene();
  PayerRecord payer;
  payer.payer = PayerId(2);
  EXPECT_EQ(gate.PutPayer(payer).error(), ErrorReason::kCapacityReached);
  gate.PutAdult(PayerId(1));
  StreamerRecord streamer;
  streamer.streamer = StreamerId(2);
  streamer.tier = TierName("L1");
  EXPECT_EQ(gate.PutStreamer(streamer).error(), ErrorReason::kCapacityReached);
  EXPECT_EQ(gate.OpenSession(SessionId(2), StreamerId(1)).error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(gate.Recharge(PayerId(1), Money(1)).is_accepted());
  EXPECT_EQ(gate.Recharge(PayerId(1), Money(1)).error(), ErrorReason::kCapacityReached);
}

}  // namespace
}  // namespace tipgate

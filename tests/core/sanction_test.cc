// Sanctions of streamers.
#include "core/sanction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/core/tip_rules_fixture.h"
#include "tests/support/core_proof.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr StreamerId kStreamer{1};
constexpr int64_t kHourMs = 3'600'000;

int64_t LocalMs(CoreGate* gate, const std::string& local) {
  const int64_t before_ms = gate->now_ms;
  gate->SetTime(local);
  return std::exchange(gate->now_ms, before_ms);
}

class T8StreamerSuspended : public TipRules {
 protected:
  Decided Sanction(SanctionKind kind, bool is_violation = false) {
    SanctionRecord record;
    record.streamer = kStreamer;
    record.kind = kind;
    record.is_violation = is_violation;
    if (kind == SanctionKind::kMute) record.mute_ms = kHourMs;
    if (kind == SanctionKind::kSuspendReceiving) record.until_ms = gate_.now_ms + kHourMs;
    return gate_.Sanction(record);
  }
  Decided SuspendUntil(int64_t until_ms, bool is_violation = false) {
    SanctionRecord record;
    record.streamer = kStreamer;
    record.kind = SanctionKind::kSuspendReceiving;
    record.until_ms = until_ms;
    record.is_violation = is_violation;
    return gate_.Sanction(record);
  }
  std::vector<RejectionCode> Codes() { return Tip(kFenGift, 1).codes(); }

  SanctionRecord& LastSanction() {
    return std::get<SanctionRecord>(gate_.journal->entries().back().records.front());
  }
};

TEST_F(T8StreamerSuspended, AWarningSuspendsNothingAndStaysUntilItIsLifted) {
  const Decided warned = Sanction(SanctionKind::kWarn, /*is_violation=*/true);
  EXPECT_EQ(warned.sanction.suspended_until_ms, 0);
  EXPECT_THAT(Codes(), IsEmpty());
  gate_.Advance(absl::Hours(4'000));
  EXPECT_TRUE(gate_.LiftSanction(kStreamer, warned.id).is_accepted());
  EXPECT_EQ(gate_.LiftSanction(kStreamer, warned.id).error(), ErrorReason::kWrongState);
}

TEST_F(T8StreamerSuspended, RefusesUntilTheEndToTheMillisecond) {
  const int64_t until_ms = gate_.now_ms + kHourMs;
  ASSERT_TRUE(SuspendUntil(until_ms).is_accepted());
  const Decided refused = Tip(kFenGift, 1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kStreamerSuspended));
  EXPECT_EQ(refused.violations.front().retry_time_ms, until_ms);
  EXPECT_EQ(refused.tip.retry_time_ms, until_ms);
  EXPECT_EQ(refused.tip.amount_max, Money());
  gate_.now_ms = until_ms - 1;
  EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kStreamerSuspended));
  gate_.now_ms = until_ms;
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_TRUE(VerifyHistory(gate_).ok());
}

TEST_F(T8StreamerSuspended, X1AMuteSuspendsForThePolicysMultiple) {
  Policy policy = SamplePolicy();
  policy.sanctions.mute_factor = 3;
  EXPECT_EQ(Sanction(SanctionKind::kMute).sanction.end_time_ms, gate_.now_ms + 2 * kHourMs);
  gate_.Activate(policy);
  const Decided muted = Sanction(SanctionKind::kMute);
  EXPECT_EQ(muted.sanction.resume_time_ms, gate_.now_ms + 3 * kHourMs);
  gate_.now_ms = muted.sanction.resume_time_ms - 1;
  EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kStreamerSuspended));
  gate_.now_ms += 1;
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_TRUE(VerifyHistory(gate_).ok());
}

TEST_F(T8StreamerSuspended, X1ABanHasNoEnd) {
  const Decided banned = Sanction(SanctionKind::kBan, /*is_violation=*/true);
  EXPECT_EQ(banned.sanction.end_time_ms, 0);
  gate_.Advance(absl::Minutes(1));
  const Decided refused = Tip(kFenGift, 1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kStreamerSuspended));
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
  EXPECT_TRUE(gate_.LiftSanction(kStreamer, banned.id).is_accepted());
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_TRUE(VerifyHistory(gate_).ok());
}

TEST_F(T8StreamerSuspended, X2AfterAViolationReceivingComesBackThreeMonthsAfterTheEnd) {
  const Decided suspended =
      SuspendUntil(LocalMs(&gate_, "2026-11-30 10:00:00.500"), /*is_violation=*/true);
  const int64_t resume_ms = LocalMs(&gate_, "2027-02-28 10:00:00.500");
  EXPECT_EQ(suspended.sanction.resume_time_ms, resume_ms);
  EXPECT_EQ(suspended.sanction.end_time_ms, LocalMs(&gate_, "2026-11-30 10:00:00.500"));
  EXPECT_EQ(Tip(kFenGift, 1).violations.front().retry_time_ms, resume_ms);
  EXPECT_TRUE(VerifyHistory(gate_).ok());
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
}

TEST_F(T8StreamerSuspended, X2TheMonthsOfRecoveryAreThePolicys) {
  Policy policy = SamplePolicy();
  policy.sanctions.recovery_months = 1;
  gate_.Activate(policy);
  const Decided muted = Sanction(SanctionKind::kMute, /*is_violation=*/true);
  EXPECT_EQ(muted.sanction.resume_time_ms, LocalMs(&gate_, "2026-12-23 22:00:00.000"));
}

TEST_F(T8StreamerSuspended, X3OfSeveralSanctionsTheLastEndCounts) {
  const int64_t late_ms = gate_.now_ms + 5 * kHourMs;
  const Decided late = SuspendUntil(late_ms);
  EXPECT_EQ(Sanction(SanctionKind::kMute).sanction.suspended_until_ms, late_ms);
  const Decided banned = Sanction(SanctionKind::kBan);
  EXPECT_EQ(banned.sanction.suspended_until_ms, kNeverMs);
  EXPECT_EQ(gate_.LiftSanction(kStreamer, banned.id).sanction.suspended_until_ms, late_ms);
  EXPECT_EQ(gate_.LiftSanction(kStreamer, late.id).sanction.suspended_until_ms,
            gate_.now_ms + 2 * kHourMs);
  EXPECT_TRUE(VerifyHistory(gate_).ok());
}

TEST_F(T8StreamerSuspended, X3ALiftedSanctionIsGoneAtOnceWithTheMonthsThatWouldFollowIt) {
  const Decided muted = Sanction(SanctionKind::kMute, /*is_violation=*/true);
  gate_.now_ms = muted.sanction.end_time_ms + 1;
  EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kStreamerSuspended));
  ASSERT_TRUE(gate_.LiftSanction(kStreamer, muted.id).is_accepted());
  EXPECT_THAT(Codes(), IsEmpty());
}

TEST_F(T8StreamerSuspended, WhatIsOverOrAnotherStreamersCannotBeLifted) {
  const Decided muted = Sanction(SanctionKind::kMute);
  gate_.PutAdultStreamer(StreamerId(2), "L1");
  EXPECT_EQ(gate_.LiftSanction(StreamerId(2), muted.id).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.LiftSanction(StreamerId(9), muted.id).error(), ErrorReason::kNotFound);
  gate_.now_ms = muted.sanction.resume_time_ms;
  EXPECT_EQ(gate_.LiftSanction(kStreamer, muted.id).error(), ErrorReason::kWrongState);
}

TEST_F(T8StreamerSuspended, ASuspensionEndsInTheFutureButNotInTheNextLife) {
  EXPECT_EQ(SuspendUntil(gate_.now_ms).error(), ErrorReason::kInvalidField);
  EXPECT_TRUE(SuspendUntil(gate_.now_ms + 1).is_accepted());
  EXPECT_EQ(SuspendUntil(gate_.now_ms + kSuspensionMaxMs + 1).error(), ErrorReason::kInvalidField);
  EXPECT_TRUE(SuspendUntil(gate_.now_ms + kSuspensionMaxMs).is_accepted());
}

TEST_F(T8StreamerSuspended, AStreamerWhomNobodyKnowsCannotBeSanctioned) {
  SanctionRecord record;
  record.streamer = StreamerId(9);
  EXPECT_EQ(gate_.Sanction(record).error(), ErrorReason::kNotFound);
}

TEST_F(T8StreamerSuspended, SixtyFourSanctionsMayBeInForce) {
  for (size_t i = 0; i < kSanctionsMax; ++i) {
    ASSERT_TRUE(SuspendUntil(gate_.now_ms + 1 + static_cast<int64_t>(i)).is_accepted());
  }
  EXPECT_EQ(Sanction(SanctionKind::kBan).error(), ErrorReason::kCapacityReached);
  gate_.now_ms += 1;  // the first is over
  EXPECT_TRUE(Sanction(SanctionKind::kBan).is_accepted());
  EXPECT_EQ(Sanction(SanctionKind::kWarn).error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(VerifyHistory(gate_).ok());
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
}

TEST_F(T8StreamerSuspended, S2NoSessionIsOpenedAndItIsReportedAfterUnavailable) {
  gate_.CloseSession(SessionId(1));
  gate_.Advance(absl::Hours(1));
  const Decided muted = Sanction(SanctionKind::kMute);
  const Decided refused = gate_.OpenSession(SessionId(2), kStreamer);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kStreamerSuspended));
  EXPECT_EQ(refused.session.retry_time_ms, muted.sanction.resume_time_ms);
  StreamerRecord unverified;
  unverified.streamer = kStreamer;
  unverified.tier = TierName("L3");
  gate_.PutStreamer(unverified);
  EXPECT_THAT(gate_.OpenSession(SessionId(3), kStreamer).codes(),
              ElementsAre(RejectionCode::kStreamerUnavailable, RejectionCode::kStreamerSuspended));
  gate_.PutAdultStreamer(kStreamer, "L3");
  gate_.now_ms = muted.sanction.resume_time_ms;
  EXPECT_TRUE(gate_.OpenSession(SessionId(4), kStreamer).is_accepted());
}

TEST_F(T8StreamerSuspended, ATimeOfComingBackThatNoZoneHasDoesNotVerify) {
  constexpr int64_t kDayMs = 24 * kHourMs;
  SuspendUntil(LocalMs(&gate_, "2026-11-30 10:00:00.500"), /*is_violation=*/true);
  SanctionRecord& sanction = LastSanction();
  sanction.resume_time_ms -= 6 * kDayMs;
  sanction.suspended_until_ms = sanction.resume_time_ms;
  EXPECT_EQ(VerifyHistory(gate_).code(), absl::StatusCode::kDataLoss);
}

TEST_F(T8StreamerSuspended, AnotherEndThanThePolicysDoesNotVerify) {
  Sanction(SanctionKind::kMute);
  SanctionRecord& sanction = LastSanction();
  sanction.end_time_ms += 1;
  sanction.resume_time_ms = sanction.suspended_until_ms = sanction.end_time_ms;
  EXPECT_EQ(VerifyHistory(gate_).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace tipgate

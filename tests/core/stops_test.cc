// Emergency stops.
#include "core/stops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/tip_rules_fixture.h"
#include "tests/support/core_proof.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const StopScope kEverything{.kind = StopKind::kEverything};

StopScope StopOf(StopKind kind, int64_t id) { return {.kind = kind, .id = id}; }
StopScope StopOfApp(const char* app) {
  return {.kind = StopKind::kApp, .id = 0, .app = ActorName(app)};
}

class T1EmergencyStop : public TipRules {
 protected:
  std::vector<RejectionCode> Codes(const char* app = "") {
    TipRequest request = gate_.MakeTip(kPayer, kFenGift, 1);
    request.app = ActorName(app);
    const Decided checked = gate_.Check(request);
    const Decided decided = gate_.Tip(request);
    EXPECT_EQ(checked.codes(), decided.codes());
    EXPECT_EQ(decided.tip.retry_time_ms, 0);
    EXPECT_EQ(decided.tip.amount_max.minor() == 0, !decided.violations.empty());
    return decided.codes();
  }

  Decided RechargeOf(const char* app) {
    const RechargeRequest request{
        .intent = gate_.NewIntent(), .app = ActorName(app), .payer = kPayer, .amount = Money(100)};
    return gate_.Run(
        RechargeCommand{.request = request, .key = gate_.LookUp(request.intent), .answer = {}});
  }

  void ExpectProved() { EXPECT_EQ(ProveHistory(gate_), absl::OkStatus()); }
};

TEST_F(T1EmergencyStop, CoversExactlyItsScope) {
  for (const StopScope& scope : {kEverything, StopOf(StopKind::kSession, 1),
                                 StopOf(StopKind::kStreamer, 1), StopOf(StopKind::kGift, 1)}) {
    EXPECT_THAT(Codes(), IsEmpty());
    ASSERT_TRUE(gate_.Stop(scope).is_accepted());
    EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kEmergencyStop)) << int(scope.kind);
    gate_.LiftStop(scope, "a");
    gate_.LiftStop(scope, "b");
  }
  for (const StopKind kind : {StopKind::kSession, StopKind::kStreamer, StopKind::kGift}) {
    ASSERT_TRUE(gate_.Stop(StopOf(kind, 2)).is_accepted());
  }
  EXPECT_THAT(Codes(), IsEmpty());
  ExpectProved();
}

TEST_F(T1EmergencyStop, R1OfAnAppRefusesWhatItAsksForAndNobodyElse) {
  gate_.Stop(StopOfApp("app-1"));
  EXPECT_THAT(Codes("app-1"), ElementsAre(RejectionCode::kEmergencyStop));
  EXPECT_THAT(Codes("app-2"), IsEmpty());
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_THAT(RechargeOf("app-1").codes(), ElementsAre(RejectionCode::kEmergencyStop));
  EXPECT_TRUE(RechargeOf("app-2").is_accepted());
  EXPECT_TRUE(RechargeOf("").is_accepted());
  ExpectProved();
}

TEST_F(T1EmergencyStop, IsReportedFirstAndOnceHoweverManyStopsCoverATip) {
  gate_.Freeze(kPayer);
  gate_.Stop(kEverything);
  gate_.Stop(StopOf(StopKind::kGift, 1));
  EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kEmergencyStop, RejectionCode::kPayerFrozen));
  const Decided recharge = RechargeOf("");
  EXPECT_THAT(recharge.codes(),
              ElementsAre(RejectionCode::kEmergencyStop, RejectionCode::kPayerFrozen));
  EXPECT_EQ(recharge.recharge.amount_max, Money());
  EXPECT_EQ(recharge.recharge.retry_time_ms, 0);
}

TEST_F(T1EmergencyStop, OfASessionStopsNoRechargeAndOpensNoOtherDoor) {
  gate_.Stop(StopOf(StopKind::kSession, 1));
  EXPECT_TRUE(RechargeOf("").is_accepted());
  gate_.Stop(kEverything);
  EXPECT_TRUE(gate_.CloseSession(SessionId(1)).is_accepted());
}

TEST_F(T1EmergencyStop, HoldsFromTheNextCommandOnAtTheSameMoment) {
  TipsCommand tips;
  tips.requests = {gate_.MakeTip(kPayer, kFenGift, 1)};
  tips.keys = {gate_.LookUp(tips.requests.front().intent)};
  ASSERT_TRUE(gate_.Stop(kEverything).is_accepted());
  const int64_t batch_ms = gate_.now_ms;
  const Decided decided = gate_.Run(std::move(tips));
  EXPECT_EQ(gate_.now_ms, batch_ms);
  EXPECT_THAT(decided.codes(), ElementsAre(RejectionCode::kEmergencyStop));
}

TEST_F(T1EmergencyStop, R1ALateCaptureAsksForTheAppThatAuthorized) {
  const Decided stopped = RechargeOf("app-1");
  const Decided other = RechargeOf("app-2");
  gate_.Stop(StopOfApp("app-1"));
  gate_.Checkpoint();
  gate_.Advance(absl::Minutes(30));
  EXPECT_THAT(gate_.Capture(stopped.id).codes(), ElementsAre(RejectionCode::kEmergencyStop));
  EXPECT_TRUE(gate_.Capture(other.id).is_accepted());
  ExpectProved();
}

TEST_F(T1EmergencyStop, A3IsLiftedByTwoDifferentPeople) {
  gate_.Stop(kEverything, "ann");
  const int64_t start_ms = gate_.now_ms;
  gate_.Advance(absl::Seconds(1));
  const Decided first = gate_.LiftStop(kEverything, "ann");
  EXPECT_TRUE(first.stop.is_stopped);
  EXPECT_EQ(first.stop.first_approver, ActorName("ann"));
  EXPECT_EQ(first.stop.start_time_ms, start_ms);
  EXPECT_EQ(gate_.LiftStop(kEverything, "ann").error(), ErrorReason::kWrongState);
  EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kEmergencyStop));
  const Decided second = gate_.LiftStop(kEverything, "bob");
  EXPECT_FALSE(second.stop.is_stopped);
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_EQ(gate_.LiftStop(kEverything, "eve").error(), ErrorReason::kWrongState);
  ExpectProved();
}

TEST_F(T1EmergencyStop, BegunAgainKeepsItsBeginningAndVoidsTheAgreement) {
  gate_.Stop(kEverything, "ann");
  const int64_t start_ms = gate_.now_ms;
  gate_.LiftStop(kEverything, "bob");
  gate_.Advance(absl::Seconds(1));
  EXPECT_EQ(gate_.Stop(kEverything, "eve").stop.start_time_ms, start_ms);
  ASSERT_EQ(gate_.state.stops.stops.size(), 1u);
  EXPECT_EQ(gate_.state.stops.stops.front().actor, ActorName("ann"));
  EXPECT_TRUE(gate_.LiftStop(kEverything, "ann").stop.is_stopped);
  EXPECT_FALSE(gate_.LiftStop(kEverything, "bob").stop.is_stopped);
  ExpectProved();
}

TEST_F(T1EmergencyStop, SurvivesACheckpointAndWhatCameAfterIt) {
  gate_.Stop(StopOf(StopKind::kSession, 9));
  gate_.Checkpoint();
  gate_.Stop(kEverything);
  const std::unique_ptr<CoreGate> recovered = gate_.Recovered();
  EXPECT_EQ(recovered->Fingerprint(), gate_.Fingerprint());
  EXPECT_THAT(recovered->Tip(recovered->MakeTip(kPayer, kFenGift, 1)).codes(),
              ElementsAre(RejectionCode::kEmergencyStop));
}

TEST_F(T1EmergencyStop, EverythingCanBeStoppedHoweverManyStopsThereAre) {
  for (size_t i = 1; i < kStopsMax; ++i) {
    ASSERT_TRUE(gate_.Stop(StopOf(StopKind::kGift, 1'000 + static_cast<int64_t>(i))).is_accepted());
  }
  EXPECT_TRUE(gate_.Stop(StopOf(StopKind::kGift, 9'999)).is_accepted());
  EXPECT_EQ(gate_.Stop(StopOf(StopKind::kSession, 1)).error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(gate_.Stop(StopOf(StopKind::kGift, 9'999)).is_accepted());
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_TRUE(gate_.Stop(kEverything).is_accepted());
  EXPECT_THAT(Codes(), ElementsAre(RejectionCode::kEmergencyStop));
  EXPECT_EQ(gate_.Stop(StopOf(StopKind::kSession, 1)).error(), ErrorReason::kCapacityReached);
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
}

TEST_F(T1EmergencyStop, ALiftByOnePersonAloneDoesNotVerify) {
  gate_.Stop(kEverything);
  gate_.LiftStop(kEverything, "ann");
  gate_.LiftStop(kEverything, "bob");
  std::get<StopRecord>(gate_.journal->entries().back().records.front()).actor = ActorName("ann");
  EXPECT_EQ(VerifyHistory(gate_).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace tipgate

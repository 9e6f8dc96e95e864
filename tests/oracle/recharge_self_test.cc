// The oracle's recharges against numbers worked out by hand from the rulebook.
#include <vector>

#include "gtest/gtest.h"
#include "tests/oracle/scene.h"

namespace tipgate::oracle {
namespace {

using CodeList = std::vector<Code>;

TEST(OracleRecharge, HeldCountsAtOnceAndVoidGivesBack) {
  Scene scene;
  const RechargeResult held = scene.Recharge(500'000);
  EXPECT_EQ(held.state, RechargeState::kHeld);
  EXPECT_EQ(held.expire_time_ms, scene.now_ms + 30 * kMinuteMs);
  EXPECT_EQ(held.day_left, 1'500'000);
  EXPECT_EQ(Codes(scene.Recharge(500'001).violations), CodeList{Code::kRechargeCap});
  const RechargeResult voided =
      scene.oracle.VoidRecharge(scene.now_ms, {scene.NextKey(), held.recharge_id});
  EXPECT_EQ(voided.day_total, 0);
  EXPECT_EQ(scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), held.recharge_id}).error,
            ErrorReason::kWrongState);
}

TEST(OracleRecharge, OfACaptureAndAnExpiryOneWins) {
  Scene scene;
  const RechargeResult first = scene.Recharge(1);
  const RechargeResult second = scene.Recharge(2);
  scene.now_ms += 30 * kMinuteMs - 1;
  EXPECT_EQ(scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), first.recharge_id}).state,
            RechargeState::kCaptured);
  scene.now_ms += 1;
  EXPECT_EQ(scene.oracle.VoidRecharge(scene.now_ms, {scene.NextKey(), second.recharge_id}).error,
            ErrorReason::kWrongState);
  EXPECT_EQ(scene.oracle.GetTotals(scene.now_ms).recharge_expired, 2);
}

TEST(OracleRecharge, LateCaptureIsDecidedAfreshAndMayBeReturned) {
  Scene scene;
  const RechargeResult late = scene.Recharge(500'000);
  const RechargeResult returned = scene.Recharge(400'000);
  scene.now_ms += 30 * kMinuteMs;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(scene.Recharge(500'000).outcome, Outcome::kAccepted);
  }
  const RechargeResult captured =
      scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), late.recharge_id});
  EXPECT_EQ(captured.state, RechargeState::kCaptured);
  EXPECT_EQ(captured.day_left, 0);
  const RechargeResult refused =
      scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), returned.recharge_id});
  EXPECT_EQ(refused.state, RechargeState::kReturned);
  EXPECT_TRUE(refused.return_money);
  EXPECT_EQ(refused.violations, (Violations{{.code = Code::kRechargeDayLimit,
                                             .origin = LimitOrigin::kPolicy,
                                             .limit = 2'000'000,
                                             .used = 2'000'000,
                                             .requested = 400'000,
                                             .retry_time_ms = Local("2026-05-11 00:00:00.000")}}));
  EXPECT_EQ(
      scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), returned.recharge_id}).error,
      ErrorReason::kWrongState);
}

// Nobody calls when it expires, but for a policy that comes into force.
TEST(OracleRecharge, R12AndR13ANewPolicyFindsTheHoldsThatAreOver) {
  for (const int64_t early_ms : {1, 0}) {
    Policy policy = SamplePolicy();
    Scene scene(policy);
    const RechargeResult held = scene.Recharge(1'000);
    scene.now_ms = *held.expire_time_ms;
    ++policy.version;
    scene.oracle.ActivatePolicy(scene.now_ms, policy);
    scene.now_ms += 7 * kDayMs - early_ms;
    EXPECT_EQ(scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), held.recharge_id}).error,
              early_ms == 0 ? ErrorReason::kNotFound : ErrorReason::kNone);
  }
}

TEST(OracleRecharge, MinorsHaveTheSameBandCountedApart) {
  Policy policy = SamplePolicy();
  policy.minors = {MinorProfile::kTiered2026, {1'000, 1'500}, {2'000, 5'000}};
  Scene scene(policy);
  PayerFacts facts = AdultFacts();
  facts.birth_date = std::nullopt;
  facts.age_band = AgeBand::k8To15;
  facts.guardian_consent = true;
  scene.PutPayer(2, facts);
  ASSERT_EQ(scene.Tip(1'000, 1, 2).outcome, Outcome::kAccepted);
  EXPECT_EQ(scene.Recharge(1'000, 2).amount_max, 500);
  const RechargeResult above = scene.Recharge(501, 2);
  EXPECT_EQ(Codes(above.violations), CodeList{Code::kMinorBlocked});
  EXPECT_EQ(above.violations[0].used, 1'000);
  EXPECT_EQ(above.retry_time_ms, Local("2026-05-11 00:00:00.000"));
}

TEST(OracleRecharge, RejectedOnesAreNotFoundLater) {
  Scene scene;
  const RechargeResult rejected = scene.Recharge(600'000);
  EXPECT_EQ(
      scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), rejected.recharge_id}).error,
      ErrorReason::kNotFound);
}

}  // namespace
}  // namespace tipgate::oracle

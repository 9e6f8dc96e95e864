// Stops, freezes, sanctions and cooling-off against numbers worked out by hand from the rulebook.
#include <vector>

#include "gtest/gtest.h"
#include "tests/oracle/scene.h"

namespace tipgate::oracle {
namespace {

using CodeList = std::vector<Code>;

TEST(OracleStop, T1CoversItsScopeAndTakesTwoToLift) {
  Scene scene;
  const StopScope gift{.kind = StopKind::kGift, .id = 7};
  scene.oracle.EmergencyStop(scene.now_ms, {scene.NextKey(), gift, "ann"});
  EXPECT_EQ(Codes(scene.Tip(7).violations), CodeList{Code::kEmergencyStop});
  EXPECT_EQ(scene.Tip(8).outcome, Outcome::kAccepted);
  EXPECT_EQ(scene.Recharge(1).outcome, Outcome::kAccepted);
  const auto lift = [&](const char* identity) {
    return scene.oracle.LiftStop(scene.now_ms, {scene.NextKey(), gift, identity});
  };
  EXPECT_TRUE(lift("ann").is_stopped);
  EXPECT_EQ(lift("ann").error, ErrorReason::kWrongState);
  EXPECT_EQ(Codes(scene.Tip(7).violations), CodeList{Code::kEmergencyStop});
  EXPECT_FALSE(lift("bob").is_stopped);
  EXPECT_EQ(scene.Tip(7).outcome, Outcome::kAccepted);
  scene.oracle.EmergencyStop(scene.now_ms, {scene.NextKey(), {}, "ann"});
  EXPECT_EQ(Codes(scene.Recharge(1).violations), CodeList{Code::kEmergencyStop});
}

TEST(OracleFreeze, T5IsReportedBeforeThePause) {
  Scene scene;
  scene.oracle.FreezePayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, "case"});
  scene.oracle.PausePayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, kDayMs});
  EXPECT_EQ(Codes(scene.Tip(1).violations), (CodeList{Code::kPayerFrozen, Code::kPayerPaused}));
  const auto unfreeze = [&](const char* identity) {
    return scene.oracle.UnfreezePayer(scene.now_ms,
                                      {scene.NextKey(), Scene::kPayer, "case", identity});
  };
  EXPECT_TRUE(unfreeze("ann").is_frozen);
  EXPECT_EQ(unfreeze("ann").error, ErrorReason::kWrongState);
  EXPECT_EQ(Codes(scene.Tip(1).violations), (CodeList{Code::kPayerFrozen, Code::kPayerPaused}));
  EXPECT_FALSE(unfreeze("bob").is_frozen);
  EXPECT_EQ(Codes(scene.Recharge(1).violations), CodeList{Code::kPayerPaused});
}

SanctionStreamerRequest Sanctioned(Scene& scene, SanctionKind kind) {
  return {.idempotency_key = scene.NextKey(),
          .streamer_id = Scene::kStreamer,
          .kind = kind,
          .reason = "reason",
          .case_reference = "case"};
}

TEST(OracleSanction, T8SuspensionEndsAtItsEnd) {
  Scene scene;
  SanctionStreamerRequest request = Sanctioned(scene, SanctionKind::kMute);
  request.mute_duration_ms = kHourMs;
  scene.oracle.SanctionStreamer(scene.now_ms, request, 1);
  const TipResult result = scene.Tip(1);
  EXPECT_EQ(Codes(result.violations), CodeList{Code::kStreamerSuspended});
  EXPECT_EQ(result.retry_time_ms, Local("2026-05-10 14:00:00.000"));
  scene.now_ms = *result.retry_time_ms - 1;
  EXPECT_EQ(scene.Tip(1).outcome, Outcome::kRejected);
  scene.now_ms += 1;
  EXPECT_EQ(scene.Tip(1).outcome, Outcome::kAccepted);
}

TEST(OracleSanction, T8ReceivingComesBackThreeCalendarMonthsAfterAViolation) {
  Scene scene;
  SanctionStreamerRequest request = Sanctioned(scene, SanctionKind::kSuspendReceiving);
  request.until_ms = Local("2026-11-30 10:00:00.500");
  request.is_violation = true;
  scene.oracle.SanctionStreamer(scene.now_ms, request, 1);
  EXPECT_EQ(scene.Tip(1).violations[0].retry_time_ms, Local("2027-02-28 10:00:00.500"));
  scene.oracle.SanctionStreamer(scene.now_ms, Sanctioned(scene, SanctionKind::kBan), 2);
  EXPECT_EQ(scene.Tip(1).violations[0].retry_time_ms, std::nullopt);
  scene.oracle.CloseSession(scene.now_ms, {scene.NextKey(), Scene::kSession});
  EXPECT_EQ(Codes(scene.Open(101).violations),
            (CodeList{Code::kStreamerSuspended, Code::kSessionInterval}));
  scene.oracle.LiftSanction(scene.now_ms, {scene.NextKey(), Scene::kStreamer, 2});
  scene.oracle.LiftSanction(scene.now_ms, {scene.NextKey(), Scene::kStreamer, 1});
  EXPECT_EQ(Codes(scene.Open(101).violations), CodeList{Code::kSessionInterval});
}

Policy CoolingOffSample() {
  Policy policy = SamplePolicy();
  policy.cooling_off = CoolingOffPolicy{.single_amount = 300'000,
                                        .window_amount = 500'000,
                                        .window_count = 20,
                                        .window_ms = kMinuteMs,
                                        .duration_ms = 5 * kMinuteMs};
  return policy;
}

TEST(OracleCoolingOff, T15SingleTipTriggersAndIsAccepted) {
  Scene scene(CoolingOffSample());
  EXPECT_EQ(scene.Tip(299'999).amount_max, 500'000);
  scene.now_ms += kMinuteMs;
  const TipResult trigger = scene.Tip(300'000);
  EXPECT_EQ(trigger.outcome, Outcome::kAccepted);
  EXPECT_EQ(trigger.amount_max, 0);
  scene.now_ms += 5 * kMinuteMs - 1;
  const TipResult refused = scene.Tip(1);
  EXPECT_EQ(refused.violations,
            (Violations{{.code = Code::kCoolingOff, .retry_time_ms = scene.now_ms + 1}}));
  EXPECT_EQ(refused.retry_time_ms, scene.now_ms + 1);
  EXPECT_EQ(scene.Recharge(1).outcome, Outcome::kAccepted);
  scene.now_ms += 1;
  EXPECT_EQ(scene.Tip(1).outcome, Outcome::kAccepted);
}

TEST(OracleCoolingOff, T15SumAndCountOfTheTrailingWindow) {
  Scene scene(CoolingOffSample());
  scene.Tip(250'000);
  scene.now_ms += kMinuteMs;  // The first tip is just out of the window.
  EXPECT_EQ(scene.Tip(250'000).amount_max, 500'000);
  scene.now_ms += kMinuteMs - 1;  // The second is just in it.
  EXPECT_EQ(scene.Tip(249'999).amount_max, 500'000);
  EXPECT_EQ(scene.Tip(1).amount_max, 0);
  scene.now_ms += 5 * kMinuteMs;
  for (int i = 0; i < 19; ++i) ASSERT_EQ(scene.Tip(1).amount_max, 500'000) << i;
  EXPECT_EQ(scene.Tip(1).amount_max, 0);
}

TEST(OracleCoolingOff, T15StartedByHand) {
  Scene scene;
  scene.oracle.StartCoolingOff(scene.now_ms, {scene.NextKey(), Scene::kPayer, kHourMs});
  EXPECT_EQ(scene.Tip(1).retry_time_ms, Local("2026-05-10 13:00:00.000"));
}

}  // namespace
}  // namespace tipgate::oracle

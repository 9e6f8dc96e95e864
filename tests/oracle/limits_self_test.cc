// Effective limits, self-set limits and the confirmation gate against numbers worked out by hand
// from the rulebook.
#include <vector>

#include "gtest/gtest.h"
#include "tests/oracle/scene.h"

namespace tipgate::oracle {
namespace {

using CodeList = std::vector<Code>;

TEST(OracleLimits, TheSmallestIsEffectiveAndNamesItsOrigin) {
  Policy policy = SamplePolicy();
  policy.payer_tiers["silver"] = {.tip_max = 1'000, .day = 5'000};
  Scene scene(policy);
  PayerFacts facts = AdultFacts();
  facts.payer_tier = "silver";
  facts.guardian.tip_max = 1'000;
  facts.risk.day = 4'999;
  scene.PutPayer(Scene::kPayer, facts);
  const TipResult result = scene.Tip(5'000);
  EXPECT_EQ(Codes(result.violations), (CodeList{Code::kTipCap, Code::kDayLimit}));
  EXPECT_EQ(result.violations[0].origin, LimitOrigin::kPayerTier);
  EXPECT_EQ(result.violations[1].origin, LimitOrigin::kRisk);
  EXPECT_EQ(result.violations[1].limit, 4'999);
  EXPECT_EQ(result.violations[1].retry_time_ms, std::nullopt);
  EXPECT_EQ(result.amount_max, 1'000);
}

int64_t Confirmed(Scene& scene, ConfirmationScope scope, Period period) {
  const int64_t token = ++scene.last_id;
  scene.oracle.StartConfirmation(scene.now_ms, {scene.NextKey(), Scene::kPayer, scope, period},
                                 token);
  const ConfirmationResult result = scene.oracle.CompleteConfirmation(
      scene.now_ms, {scene.NextKey(), token, Scene::kPayer, scope, period, "proof"});
  EXPECT_EQ(result.outcome, Outcome::kAccepted);
  return token;
}

TEST(OracleSelfLimits, LoweringWorksAtOnceAndRaisingWaits) {
  Policy policy = SamplePolicy();
  policy.tiers[0].session_duration_max_ms = 48 * kHourMs;
  Scene scene(policy);
  SetSelfLimitsRequest request{.idempotency_key = scene.NextKey(), .payer_id = Scene::kPayer};
  request.tip_max = LimitChange{100};
  EXPECT_EQ(scene.oracle.SetSelfLimits(scene.now_ms, request).outcome, Outcome::kAccepted);
  EXPECT_EQ(
      scene.Tip(101).violations,
      (Violations{
          {.code = Code::kTipCap, .origin = LimitOrigin::kSelf, .limit = 100, .requested = 101}}));
  request.idempotency_key = scene.NextKey();
  request.tip_max = LimitChange{200};
  EXPECT_EQ(scene.oracle.SetSelfLimits(scene.now_ms, request).outcome, Outcome::kRejected);
  request.idempotency_key = scene.NextKey();
  request.confirmation_token = Confirmed(scene, ConfirmationScope::kRaiseLimits, Period::kNone);
  EXPECT_EQ(scene.oracle.SetSelfLimits(scene.now_ms, request).outcome, Outcome::kAccepted);
  EXPECT_EQ(scene.Tip(101).retry_time_ms, Local("2026-05-11 12:00:00.000"));
  EXPECT_EQ(scene.Tip(201).retry_time_ms, std::nullopt);
  scene.now_ms = Local("2026-05-11 12:00:00.000") - 1;
  EXPECT_EQ(scene.Tip(101).outcome, Outcome::kRejected);
  scene.now_ms += 1;
  EXPECT_EQ(scene.Tip(200).outcome, Outcome::kAccepted);
}

TEST(OracleSelfLimits, AWaitingRaiseCanBeWithdrawn) {
  Policy policy = SamplePolicy();
  policy.tiers[0].session_duration_max_ms = 48 * kHourMs;
  Scene scene(policy);
  SetSelfLimitsRequest request{.idempotency_key = scene.NextKey(), .payer_id = Scene::kPayer};
  request.day = LimitChange{100};
  scene.oracle.SetSelfLimits(scene.now_ms, request);
  request.idempotency_key = scene.NextKey();
  request.day = LimitChange{};
  request.confirmation_token = Confirmed(scene, ConfirmationScope::kRaiseLimits, Period::kNone);
  scene.oracle.SetSelfLimits(scene.now_ms, request);
  scene.oracle.WithdrawSelfLimits(scene.now_ms, {scene.NextKey(), Scene::kPayer});
  scene.now_ms += kDayMs;
  EXPECT_EQ(Codes(scene.Tip(101).violations), CodeList{Code::kDayLimit});
}

Policy GatePolicy(bool strict_crossing) {
  Policy policy = SamplePolicy();
  policy.day_limit = 1'001;
  policy.month_limit = 4'000;
  policy.confirm = {500, 500, strict_crossing};
  return policy;
}

TEST(OracleConfirmation, T18StrictRefusesTheTipThatWouldReachTheGate) {
  Scene scene(GatePolicy(true));
  EXPECT_EQ(scene.Tip(400).amount_max, 100);  // 500.5 is the gate.
  const TipResult refused = scene.Tip(101);
  EXPECT_EQ(refused.violations, (Violations{{.code = Code::kConfirmationRequired,
                                             .origin = LimitOrigin::kPolicy,
                                             .limit = 501,
                                             .used = 400,
                                             .requested = 101,
                                             .retry_time_ms = Local("2026-05-11 00:00:00.000")}}));
  Confirmed(scene, ConfirmationScope::kGate, Period::kDay);
  EXPECT_EQ(scene.Tip(101).amount_max, 500);
}

TEST(OracleConfirmation, T18LooseRefusesOnlyWhatComesAfter) {
  Scene scene(GatePolicy(false));
  EXPECT_EQ(scene.Tip(500).outcome, Outcome::kAccepted);
  EXPECT_EQ(scene.Tip(1).amount_max, 0);  // 501 is past the gate.
  EXPECT_EQ(Codes(scene.Tip(1).violations), CodeList{Code::kConfirmationRequired});
}

TEST(OracleConfirmation, T18TheMonthHasAGateOfItsOwnAndTheNextDayAsksAgain) {
  Policy policy = GatePolicy(true);
  policy.tiers[0].session_duration_max_ms = 60 * kDayMs;
  Scene scene(policy);
  Confirmed(scene, ConfirmationScope::kGate, Period::kDay);
  EXPECT_EQ(scene.Tip(1'001).outcome, Outcome::kAccepted);
  scene.now_ms += kDayMs;
  EXPECT_EQ(Codes(scene.Tip(999).violations),
            (CodeList{Code::kConfirmationRequired, Code::kConfirmationRequired}));
  Confirmed(scene, ConfirmationScope::kGate, Period::kDay);
  const TipResult of_the_month = scene.Tip(999);
  EXPECT_EQ(of_the_month.violations.size(), 1);
  EXPECT_EQ(of_the_month.violations[0].limit, 2'000);
  EXPECT_EQ(of_the_month.retry_time_ms, std::nullopt);  // On 1 June the day's gate stands again.
  EXPECT_EQ(scene.Tip(998).outcome, Outcome::kAccepted);
}

TEST(OracleConfirmation, TokensAreForOnePayerOnePeriodOneUse) {
  Scene scene(GatePolicy(true));
  scene.PutPayer(2, AdultFacts());
  const auto complete = [&](int64_t token, int64_t payer_id, Period period) {
    return scene.oracle
        .CompleteConfirmation(scene.now_ms, {scene.NextKey(), token, payer_id,
                                             ConfirmationScope::kGate, period, "proof"})
        .refusal;
  };
  const auto start = [&](int64_t token) {
    scene.oracle.StartConfirmation(
        scene.now_ms, {scene.NextKey(), Scene::kPayer, ConfirmationScope::kGate, Period::kDay},
        token);
  };
  using Refusal = ConfirmationRefusal;
  start(1);
  EXPECT_EQ(complete(1, 2, Period::kDay), Refusal::kNotStarted);
  EXPECT_EQ(complete(1, Scene::kPayer, Period::kMonth), Refusal::kNotStarted);
  EXPECT_EQ(complete(1, Scene::kPayer, Period::kDay), Refusal::kNone);
  EXPECT_EQ(complete(1, Scene::kPayer, Period::kDay), Refusal::kNotStarted);
  start(2);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(complete(1, Scene::kPayer, Period::kDay), Refusal::kWrongToken);
  EXPECT_EQ(complete(2, Scene::kPayer, Period::kDay), Refusal::kNotStarted);
  start(3);
  scene.now_ms += 5 * kMinuteMs;
  EXPECT_EQ(complete(3, Scene::kPayer, Period::kDay), Refusal::kExpired);
}

}  // namespace
}  // namespace tipgate::oracle

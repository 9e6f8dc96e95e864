// The life of tips and the wallet against numbers worked out by hand from the rulebook.
#include <vector>

#include "gtest/gtest.h"
#include "tests/oracle/scene.h"

namespace tipgate::oracle {
namespace {

using CodeList = std::vector<Code>;

TipResult Held(Scene& scene, int64_t amount) {
  TipRequest request = scene.Request(amount);
  request.hold = true;
  return scene.Send(request);
}

TEST(OracleHold, CountsAtOnceAndExpiryReleasesEveryCounter) {
  Scene scene;
  const TipResult held = Held(scene, 1'000);
  EXPECT_EQ(held.expire_time_ms, scene.now_ms + 30 * kSecondMs);
  EXPECT_EQ(held.settle_time_ms, std::nullopt);
  scene.now_ms += 30 * kSecondMs - 1;
  EXPECT_EQ(scene.oracle.GetSession(scene.now_ms, Scene::kSession).received, 1'000);
  scene.now_ms += 1;
  EXPECT_EQ(scene.oracle.CaptureTip(scene.now_ms, {scene.NextKey(), held.tip_id}).error,
            ErrorReason::kWrongState);
  EXPECT_EQ(scene.oracle.GetSession(scene.now_ms, Scene::kSession).received, 0);
  EXPECT_EQ(scene.oracle.GetPayer(scene.now_ms, Scene::kPayer).tip_month.used, 0);
  EXPECT_EQ(scene.oracle.GetTotals(scene.now_ms).voided, 1'000);
}

TEST(OracleHold, CaptureTakesAllOrLessAndSettlesByWhatItTook) {
  Policy policy = SamplePolicy();
  policy.tiers[0].settle_delay_ms = kDayMs;
  Scene scene(policy);
  const TipResult held = Held(scene, 100'000);
  scene.now_ms += kSecondMs;
  EXPECT_EQ(scene.oracle.CaptureTip(scene.now_ms, {scene.NextKey(), held.tip_id, 100'001}).error,
            ErrorReason::kWrongState);
  const TipLifeResult captured =
      scene.oracle.CaptureTip(scene.now_ms, {scene.NextKey(), held.tip_id, 99'999});
  EXPECT_EQ(captured.state, TipState::kPending);
  EXPECT_EQ(captured.released, 1);
  EXPECT_EQ(captured.settle_time_ms, scene.now_ms + kDayMs);  // From 100,000 on it were 7 days.
  EXPECT_EQ(scene.oracle.GetPayer(scene.now_ms, Scene::kPayer).tip_day.used, 99'999);
}

TEST(OracleHold, ALoweredSelfLimitHoldsForCapturesToo) {
  Scene scene;
  const TipResult held = Held(scene, 1'000);
  SetSelfLimitsRequest request{.idempotency_key = scene.NextKey(), .payer_id = Scene::kPayer};
  request.day = LimitChange{999};
  scene.oracle.SetSelfLimits(scene.now_ms, request);
  const TipLifeResult refused =
      scene.oracle.CaptureTip(scene.now_ms, {scene.NextKey(), held.tip_id});
  EXPECT_EQ(Codes(refused.violations), CodeList{Code::kDayLimit});
  EXPECT_EQ(refused.state, TipState::kHeld);
  EXPECT_EQ(scene.oracle.CaptureTip(scene.now_ms, {scene.NextKey(), held.tip_id, 999}).outcome,
            Outcome::kAccepted);
}

TEST(OracleVoid, OnlyHeldOrInsideTheRemorseWindow) {
  Policy policy = SamplePolicy();
  policy.remorse_window_ms = kMinuteMs;
  Scene scene(policy);
  const TipResult first = scene.Tip(100);
  const TipResult second = scene.Tip(200);
  scene.now_ms += kMinuteMs - 1;
  EXPECT_EQ(scene.oracle.VoidTip(scene.now_ms, {scene.NextKey(), first.tip_id}).state,
            TipState::kVoided);
  scene.now_ms += 1;
  EXPECT_EQ(scene.oracle.VoidTip(scene.now_ms, {scene.NextKey(), second.tip_id}).error,
            ErrorReason::kWrongState);
  EXPECT_EQ(scene.Tip(1).day_total, 201);
}

TEST(OracleVoid, HeadroomStaysUsedIfThePolicySaysSo) {
  Policy policy = SamplePolicy();
  policy.void_restores_headroom = false;
  Scene scene(policy);
  const TipResult held = Held(scene, 1'000);
  scene.oracle.VoidTip(scene.now_ms, {scene.NextKey(), held.tip_id});
  EXPECT_EQ(scene.Tip(1).day_total, 1'001);
  EXPECT_EQ(scene.oracle.GetTotals(scene.now_ms).voided, 1'000);
}

TEST(OracleReminder, AThresholdReachedAgainAfterAVoidIsNotToldAgain) {
  Policy policy = SamplePolicy();
  policy.day_limit = 1'000;
  Scene scene(policy);
  const TipResult held = Held(scene, 300);
  EXPECT_EQ(held.reminders.size(), 1);
  scene.oracle.VoidTip(scene.now_ms, {scene.NextKey(), held.tip_id});
  EXPECT_EQ(scene.Tip(300).reminders.size(), 0);
}

RefundTipRequest Refunded(Scene& scene, int64_t tip_id, int64_t amount) {
  return {.idempotency_key = scene.NextKey(),
          .tip_id = tip_id,
          .amount = amount,
          .reason = "reason",
          .case_reference = "case"};
}

TEST(OracleFreeze, AFrozenTipDoesNotSettleUntilReleased) {
  Scene scene;
  const TipResult tip = scene.Tip(100);
  const IncomeScope streamer{IncomeKind::kStreamer, Scene::kStreamer};
  EXPECT_EQ(scene.oracle.FreezeIncome(scene.now_ms, {scene.NextKey(), streamer, "a"}).count, 1);
  EXPECT_EQ(scene.oracle.FreezeIncome(scene.now_ms, {scene.NextKey(), streamer, "b"}).count, 0);
  EXPECT_EQ(scene.oracle.RefundTip(scene.now_ms, Refunded(scene, tip.tip_id, 40)).state,
            TipState::kFrozen);
  scene.now_ms = *tip.settle_time_ms;
  scene.oracle.Settle(scene.now_ms);
  const IncomeScope by_case{IncomeKind::kCase, 0};
  EXPECT_EQ(scene.oracle.ReleaseIncome(scene.now_ms, {scene.NextKey(), by_case, "a"}).count, 0);
  EXPECT_EQ(scene.oracle.ReleaseIncome(scene.now_ms, {scene.NextKey(), by_case, "b"}).amount, 60);
  scene.oracle.Settle(scene.now_ms);
  EXPECT_EQ(scene.oracle.GetStreamer(scene.now_ms, Scene::kStreamer).settled, 60);
}

TEST(OracleRefund, NeverMoreThanTheAmountAndNoHeadroomBack) {
  Scene scene;
  const TipResult tip = scene.Tip(100);
  EXPECT_EQ(scene.oracle.RefundTip(scene.now_ms, Refunded(scene, tip.tip_id, 60)).amount, 40);
  EXPECT_EQ(scene.oracle.RefundTip(scene.now_ms, Refunded(scene, tip.tip_id, 41)).error,
            ErrorReason::kWrongState);
  EXPECT_EQ(scene.oracle.RefundTip(scene.now_ms, Refunded(scene, tip.tip_id, 40)).state,
            TipState::kRefunded);
  EXPECT_EQ(scene.Tip(1).day_total, 101);
}

TEST(OracleRefund, OfSettledIncomeIsNettedAgainstLaterSettlements) {
  Policy policy = SamplePolicy();
  policy.shares = {500, 100};
  Scene scene(policy);
  StreamerFacts facts = AdultStreamerFacts();
  facts.agency_id = 7;
  scene.PutStreamer(Scene::kStreamer, facts);
  const TipResult first = scene.Tip(1'001);
  scene.now_ms += kMinuteMs;
  const TipResult second = scene.Tip(101);
  scene.now_ms = *first.settle_time_ms;
  scene.oracle.Settle(scene.now_ms);
  const TipView settled = scene.oracle.GetTip(scene.now_ms, first.tip_id);
  EXPECT_EQ(settled.streamer_share, 500);
  EXPECT_EQ(settled.agency_share, 100);
  EXPECT_EQ(settled.platform_share, 401);
  scene.oracle.RefundTip(scene.now_ms, Refunded(scene, first.tip_id, 201));
  EXPECT_EQ(scene.oracle.GetStreamer(scene.now_ms, Scene::kStreamer).receivable, 100);
  scene.now_ms = *second.settle_time_ms;
  scene.oracle.Settle(scene.now_ms);
  const TipView netted = scene.oracle.GetTip(scene.now_ms, second.tip_id);
  EXPECT_EQ(netted.streamer_share, 50);
  EXPECT_EQ(netted.streamer_netted, 50);
  EXPECT_EQ(netted.agency_netted, 10);
  EXPECT_EQ(scene.oracle.GetStreamer(scene.now_ms, Scene::kStreamer).receivable, 50);
}

TEST(OracleCoolingOff, T15ModeHoldHoldsInsteadOfRefusing) {
  Policy policy = SamplePolicy();
  policy.cooling_off = CoolingOffPolicy{.single_amount = 1'000,
                                        .duration_ms = 5 * kMinuteMs,
                                        .mode = CoolingOffMode::kHold,
                                        .hold_ttl_ms = 10 * kSecondMs};
  Scene scene(policy);
  EXPECT_EQ(scene.Tip(1'000).expire_time_ms, std::nullopt);
  EXPECT_EQ(scene.Tip(1).expire_time_ms, scene.now_ms + 10 * kSecondMs);
  scene.now_ms += 5 * kMinuteMs;
  EXPECT_EQ(scene.Tip(1).expire_time_ms, std::nullopt);
}

TEST(OracleWallet, T20BalanceIsWhatWasRechargedAndNotSpent) {
  Policy policy = SamplePolicy();
  policy.wallet_managed = true;
  Scene scene(policy);
  const RechargeResult recharge = scene.Recharge(1'000);
  EXPECT_EQ(Codes(scene.Tip(1).violations), CodeList{Code::kInsufficientBalance});
  scene.oracle.CaptureRecharge(scene.now_ms, {scene.NextKey(), recharge.recharge_id});
  EXPECT_EQ(scene.Tip(400).amount_max, 600);
  const TipResult held = Held(scene, 600);
  EXPECT_EQ(held.amount_max, 0);
  scene.oracle.VoidTip(scene.now_ms, {scene.NextKey(), held.tip_id});
  const auto refund = [&](int64_t amount) {
    return scene.oracle.RefundRecharge(
        scene.now_ms, {scene.NextKey(), recharge.recharge_id, amount, "reason", "case"});
  };
  EXPECT_EQ(refund(601).error, ErrorReason::kWrongState);
  EXPECT_EQ(refund(600).day_total, 1'000);
  EXPECT_EQ(scene.Tip(1).violations,
            (Violations{{.code = Code::kInsufficientBalance, .limit = 0, .requested = 1}}));
}

TEST(OracleOrder, TellsWhatItWouldChangeAndChangesEachTipOnce) {
  Scene scene;
  const TipResult first = scene.Tip(1'000);
  const TipResult second = scene.Tip(2'000);
  Held(scene, 3'000);
  const IncomeOrder freeze{.scope = {.kind = IncomeKind::kPayer, .id = Scene::kPayer},
                           .case_reference = "case-1"};
  EXPECT_EQ(scene.oracle.TipsOfOrder(scene.now_ms, freeze),
            (std::vector<int64_t>{first.tip_id, second.tip_id}));
  const IncomeResult frozen = scene.oracle.CarryOut(scene.now_ms, freeze, second.tip_id);
  EXPECT_EQ(frozen.count, 1);
  EXPECT_EQ(frozen.amount, 2'000);
  EXPECT_EQ(scene.oracle.CarryOut(scene.now_ms, freeze, second.tip_id).error,
            ErrorReason::kWrongState);
  EXPECT_EQ(scene.oracle.GetTip(scene.now_ms, first.tip_id).state, TipState::kPending);

  const IncomeOrder refund{.action = OrderAction::kRefund,
                           .scope = {.kind = IncomeKind::kCase},
                           .case_reference = "case-1",
                           .permille = 333};
  EXPECT_EQ(scene.oracle.TipsOfOrder(scene.now_ms, refund), std::vector<int64_t>{second.tip_id});
  EXPECT_EQ(scene.oracle.CarryOut(scene.now_ms, refund, second.tip_id).amount, 666);

  IncomeOrder release = freeze;
  release.action = OrderAction::kRelease;
  EXPECT_EQ(scene.oracle.CarryOut(scene.now_ms, release, second.tip_id).amount, 1'334);
  EXPECT_TRUE(scene.oracle.TipsOfOrder(scene.now_ms, release).empty());
}

TEST(OracleOrder, IsAboutAStretchOfTime) {
  Scene scene;
  scene.Tip(1'000);
  scene.now_ms += kSecondMs;
  const TipResult tip = scene.Tip(1'000);
  scene.now_ms += kSecondMs;
  scene.Tip(1'000);
  const IncomeOrder freeze{.scope = {.kind = IncomeKind::kEverything,
                                     .start_ms = scene.now_ms - kSecondMs,
                                     .end_ms = scene.now_ms},
                           .case_reference = "case-1"};
  EXPECT_EQ(scene.oracle.TipsOfOrder(scene.now_ms, freeze), std::vector<int64_t>{tip.tip_id});
}

TEST(OracleSettlement, SettlesTheTipsThatAreToldAndNoneTooEarly) {
  Policy policy = SamplePolicy();
  policy.tiers[0].settle_delay_ms = kDayMs;
  Scene scene(policy);
  const TipResult first = scene.Tip(1'000);
  const TipResult second = scene.Tip(2'000);
  scene.now_ms += kDayMs - 1;
  EXPECT_EQ(scene.oracle.SettleTips(scene.now_ms, {first.tip_id}).error, ErrorReason::kWrongState);
  scene.now_ms += 1;
  EXPECT_EQ(scene.oracle.SettleTips(scene.now_ms, {first.tip_id}).amount, 1'000);
  EXPECT_EQ(scene.oracle.GetTip(scene.now_ms, first.tip_id).state, TipState::kSettled);
  EXPECT_EQ(scene.oracle.GetTip(scene.now_ms, second.tip_id).state, TipState::kPending);
  EXPECT_EQ(scene.oracle.SettleTips(scene.now_ms, {first.tip_id}).error, ErrorReason::kWrongState);
}

}  // namespace
}  // namespace tipgate::oracle

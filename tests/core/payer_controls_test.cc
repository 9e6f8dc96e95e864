// Limits beyond the policy, confirmations, cooling-off and freezes.
#include "core/payer_controls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/verifier.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr PayerId kPayer{1};
constexpr GiftId kFen{1};
constexpr int64_t kDayMs = 24 * 3'600'000;

class PayerControlsTest : public ::testing::Test {
 protected:
  PayerControlsTest() { gate_.PutScene(); }

  // Each gift of 1 fen: at most 9,999.
  Decided Tip(int32_t count) { return gate_.Tip(gate_.MakeTip(kPayer, kFen, count)); }
  std::vector<RejectionCode> Codes(int32_t count) {
    return gate_.Check(gate_.MakeTip(kPayer, kFen, count)).codes();
  }

  PayerRecord Facts() {
    PayerRecord record;
    record.payer = kPayer;
    record.is_verified = true;
    record.age.band = AgeBand::kAdult;
    return record;
  }
  Decided SetDayLimit(LimitChange change, const ConfirmationToken& token = {}) {
    SelfLimitsRecord record;
    record.payer = kPayer;
    record.day_limit_change = change;
    record.token = token;
    return gate_.SetSelfLimits(record);
  }
  Decided SetDayLimit(int64_t amount) {
    return SetDayLimit({.kind = LimitChangeKind::kSet, .amount = Money(amount)});
  }
  ConfirmationToken ConfirmedToken() {
    const ConfirmationToken token =
        gate_.StartConfirmation(kPayer, ConfirmationScope::kSelfLimits).confirmation.token;
    EXPECT_TRUE(
        gate_.CompleteConfirmation(kPayer, ConfirmationScope::kSelfLimits, token).is_accepted());
    return token;
  }
  ConfirmationRefusal Refusal(ConfirmationScope scope, const ConfirmationToken& token) {
    return gate_.CompleteConfirmation(kPayer, scope, token).confirmation.refusal;
  }

  // All of history, decided again and recovered.
  void ExpectProved() {
    Verifier verifier(*gate_.journal);
    for (const Entry& entry : gate_.journal->entries()) {
      const absl::Status status = verifier.Verify(entry);
      ASSERT_TRUE(status.ok()) << status;
    }
    EXPECT_EQ(verifier.state().Fingerprint(gate_.now_ms), gate_.Fingerprint());
    EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  }

  CoreGate gate_;
};

TEST_F(PayerControlsTest, B1AndT16TheSmallestLimitBindsAndIsNamed) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(900);
  policy.payer_tiers = {{.name = TierName("new"), .limits = {.day_limit = Money(800)}}};
  gate_.Activate(policy);
  const auto binding = [&] {
    const Decided refused = gate_.Check(gate_.MakeTip(kPayer, kFen, 901));
    EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kDayLimit));
    EXPECT_EQ(refused.tip.amount_max.minor(), refused.violations.front().limit);
    EXPECT_EQ(refused.tip.day_left, refused.tip.amount_max);
    return std::pair(refused.violations.front().origin, refused.violations.front().limit);
  };
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kPolicy, int64_t{900}));
  PayerRecord facts = Facts();
  facts.tier = TierName("new");
  gate_.PutPayer(facts);
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kPayerTier, int64_t{800}));
  SetDayLimit(700);
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kSelf, int64_t{700}));
  facts.guardian.day_limit = Money(600);
  gate_.PutPayer(facts);
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kGuardian, int64_t{600}));
  facts.risk.day_limit = Money(500);
  gate_.PutPayer(facts);
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kRisk, int64_t{500}));
  EXPECT_THAT(Codes(500), IsEmpty());
  // Of equal ones the first is named.
  facts.risk.day_limit = Money(600);
  gate_.PutPayer(facts);
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kGuardian, int64_t{600}));
  gate_.PutPayer(Facts());
  EXPECT_EQ(binding(), std::pair(LimitOrigin::kSelf, int64_t{700}));
  ExpectProved();
}

TEST_F(PayerControlsTest, B1AndT14AndT17HaveTheSameOrigins) {
  PayerRecord facts = Facts();
  facts.guardian = {.tip_max = Money(100), .day_limit = kNoLimit, .month_limit = Money(150)};
  gate_.PutPayer(facts);
  EXPECT_THAT(Codes(101), ElementsAre(RejectionCode::kTipCap));
  EXPECT_TRUE(Tip(100).is_accepted());
  const Decided refused = Tip(51);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kMonthLimit));
  EXPECT_EQ(refused.violations.front().origin, LimitOrigin::kGuardian);
  EXPECT_EQ(refused.tip.month_left, Money(50));
  EXPECT_TRUE(Tip(50).is_accepted());
}

TEST_F(PayerControlsTest, B1APayerTierMustBeOneOfThePolicy) {
  PayerRecord facts = Facts();
  facts.tier = TierName("none");
  EXPECT_EQ(gate_.PutPayer(facts).error(), ErrorReason::kInvalidField);
}

TEST_F(PayerControlsTest, B2AndB3ASelfLimitFallsAtOnceAndRisesAfterTheDelay) {
  gate_.state.sessions.Find(SessionId(1))->max_end_time_ms += kDayMs;
  EXPECT_TRUE(SetDayLimit(100).is_accepted());
  EXPECT_THAT(Codes(101), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_TRUE(SetDayLimit(50).is_accepted());
  EXPECT_THAT(Codes(51), ElementsAre(RejectionCode::kDayLimit));

  const Decided unconfirmed = SetDayLimit(80);
  EXPECT_THAT(unconfirmed.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  const ConfirmationToken token = ConfirmedToken();
  const Decided raised = SetDayLimit({.kind = LimitChangeKind::kSet, .amount = Money(80)}, token);
  EXPECT_TRUE(raised.is_accepted());
  EXPECT_EQ(raised.self_limits.day_limit.amount, Money(50));
  EXPECT_EQ(raised.self_limits.day_limit.raise_time_ms, gate_.now_ms + kDayMs);
  // The token is used up.
  EXPECT_THAT(SetDayLimit({.kind = LimitChangeKind::kRemove}, token).codes(),
              ElementsAre(RejectionCode::kConfirmationRequired));

  const Decided waiting = gate_.Check(gate_.MakeTip(kPayer, kFen, 80));
  EXPECT_EQ(waiting.violations.front().retry_time_ms, gate_.now_ms + kDayMs);
  gate_.now_ms += kDayMs - 1;
  EXPECT_THAT(Codes(51), ElementsAre(RejectionCode::kDayLimit));
  gate_.now_ms += 1;
  EXPECT_TRUE(Tip(80).is_accepted());
}

TEST_F(PayerControlsTest, B4AWaitingRaiseCanBeWithdrawnAndALoweringCancelsIt) {
  SetDayLimit(50);
  SetDayLimit({.kind = LimitChangeKind::kRemove}, ConfirmedToken());
  EXPECT_NE(gate_.state.controls.Find(kPayer)->day_limit.raise_time_ms, 0);
  SetDayLimit({.kind = LimitChangeKind::kWithdrawRaise});
  EXPECT_EQ(gate_.state.controls.Find(kPayer)->day_limit.raise_time_ms, 0);
  SetDayLimit({.kind = LimitChangeKind::kRemove}, ConfirmedToken());
  SetDayLimit(50);
  gate_.now_ms += 2 * kDayMs;
  EXPECT_EQ(gate_.state.controls.Find(kPayer)->day_limit.At(gate_.now_ms), Money(50));
}

class ConfirmationGateTest : public PayerControlsTest {
 protected:
  // Half of a day limit of 1,001 fen: the gate is at 501, in thousandths at 500.5.
  ConfirmationGateTest() { Use(true); }

  void Use(bool is_strict) {
    Policy policy = SamplePolicy();
    policy.day_limit = Money(1'001);
    policy.month_limit = Money(10'000);
    policy.confirmation = {.day_permille = 500, .month_permille = 500, .is_strict = is_strict};
    gate_.Activate(policy);
  }
};

TEST_F(ConfirmationGateTest, T18AndK1TheTipThatReachesTheGateIsRefusedUntilConfirmed) {
  const Decided refused = Tip(501);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_EQ(refused.violations.front().limit, 501);
  EXPECT_EQ(refused.violations.front().retry_time_ms, 0);  // too much for any day
  EXPECT_EQ(refused.tip.amount_max, Money(500));
  EXPECT_TRUE(Tip(500).is_accepted());
  const Decided next = Tip(1);
  EXPECT_THAT(next.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_EQ(next.tip.amount_max, Money());
  EXPECT_GT(next.violations.front().retry_time_ms, gate_.now_ms);  // tomorrow
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_TRUE(Tip(501).is_accepted());
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kDayLimit));
  ExpectProved();
}

TEST_F(ConfirmationGateTest, T18AndK1LooselyOnlyTipsAfterTheGateAreRefused) {
  Use(false);
  EXPECT_TRUE(Tip(500).is_accepted());
  EXPECT_EQ(gate_.Check(gate_.MakeTip(kPayer, kFen, 1)).tip.amount_max, Money(501));
  EXPECT_TRUE(Tip(1).is_accepted());
  const Decided refused = Tip(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_EQ(refused.tip.amount_max, Money());
}

TEST_F(ConfirmationGateTest, T18AndK2APassedGateStaysPassedForItsPeriodAndTheNextAsksAgain) {
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_TRUE(Tip(501).is_accepted());
  gate_.SetTime("2026-11-23 23:59:59.999");
  EXPECT_TRUE(Tip(400).is_accepted());
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_THAT(Codes(501), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_THAT(Codes(500), IsEmpty());
}

TEST_F(ConfirmationGateTest, T18AndK2RetryTimeHeedsTheGateThatStandsAgainTomorrow) {
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_TRUE(Tip(600).is_accepted());
  const int64_t midnight_ms = gate_.now_ms + 4 * 3'600'000;
  // The gate of tomorrow lets 500 through, and 501 not.
  const Decided below = gate_.Check(gate_.MakeTip(kPayer, kFen, 500));
  EXPECT_THAT(below.codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_EQ(below.tip.retry_time_ms, midnight_ms);
  const Decided above = gate_.Check(gate_.MakeTip(kPayer, kFen, 501));
  ASSERT_THAT(above.codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_EQ(above.violations[0].retry_time_ms, midnight_ms);
  EXPECT_EQ(above.tip.retry_time_ms, 0);
}

TEST_F(ConfirmationGateTest, T18TheMonthHasAGateOfItsOwn) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(9'000);
  policy.month_limit = Money(10'000);
  policy.confirmation = {.day_permille = 500, .month_permille = 500};
  gate_.Activate(policy);
  EXPECT_THAT(Codes(5'000), ElementsAre(RejectionCode::kConfirmationRequired,
                                        RejectionCode::kConfirmationRequired));
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_THAT(Codes(5'000), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_THAT(Codes(4'999), IsEmpty());
  gate_.Confirm(kPayer, ConfirmationScope::kMonthGate);
  EXPECT_THAT(Codes(5'000), IsEmpty());
}

TEST_F(ConfirmationGateTest, T18AndK3ATokenIsUsedOnceByItsPayerInItsScope) {
  constexpr ConfirmationScope kScope = ConfirmationScope::kDayGate;
  gate_.PutAdult(PayerId(2));
  EXPECT_EQ(Refusal(kScope, ConfirmationToken("x")), ConfirmationRefusal::kNotStarted);
  const ConfirmationToken token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  EXPECT_EQ(gate_.CompleteConfirmation(PayerId(2), kScope, token).confirmation.refusal,
            ConfirmationRefusal::kNotStarted);
  EXPECT_EQ(Refusal(ConfirmationScope::kMonthGate, token), ConfirmationRefusal::kNotStarted);
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNone);
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNotStarted);
}

TEST_F(ConfirmationGateTest, T18AndK4ATokenExpiresAfterFiveMinutes) {
  constexpr ConfirmationScope kScope = ConfirmationScope::kDayGate;
  ConfirmationToken token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  gate_.now_ms += kConfirmationMs;
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kExpired);
  token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  gate_.now_ms += kConfirmationMs - 1;
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNone);
}

TEST_F(ConfirmationGateTest, T18AndK4TheFifthWrongTokenIsTheLast) {
  constexpr ConfirmationScope kScope = ConfirmationScope::kDayGate;
  ConfirmationToken token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  for (int i = 1; i < kConfirmationAttemptsMax; ++i) {
    EXPECT_EQ(Refusal(kScope, ConfirmationToken("guess")), ConfirmationRefusal::kWrongToken);
  }
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNone);
  token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  for (int i = 1; i <= kConfirmationAttemptsMax; ++i) {
    EXPECT_EQ(Refusal(kScope, ConfirmationToken("guess")), ConfirmationRefusal::kWrongToken);
  }
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNotStarted);
  ExpectProved();
}

TEST_F(ConfirmationGateTest, T18AndK3ATokenOfYesterdayOrOfAnotherPolicyIsRefused) {
  gate_.SetTime("2026-11-23 23:59:00.000");
  ConfirmationToken token =
      gate_.StartConfirmation(kPayer, ConfirmationScope::kDayGate).confirmation.token;
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_EQ(Refusal(ConfirmationScope::kDayGate, token), ConfirmationRefusal::kOtherPeriod);
  token = gate_.StartConfirmation(kPayer, ConfirmationScope::kMonthGate).confirmation.token;
  Use(true);
  EXPECT_EQ(Refusal(ConfirmationScope::kMonthGate, token), ConfirmationRefusal::kPolicyChanged);
}

class CoolingOffTest : public PayerControlsTest {
 protected:
  static constexpr int64_t kWindowMs = 60'000;
  static constexpr int64_t kDurationMs = 300'000;

  CoolingOffTest() {
    Policy policy = SamplePolicy();
    policy.cooling_off = {.single_min = Money(1'000),
                          .window_sum_min = Money(500),
                          .window_count_min = 4,
                          .window_ms = kWindowMs,
                          .duration_ms = kDurationMs};
    gate_.Activate(policy);
  }
};

TEST_F(CoolingOffTest, T15AndO1OneLargeTipIsTheLastForAWhile) {
  Policy policy = SamplePolicy();
  policy.cooling_off = {.single_min = Money(1'000), .duration_ms = kDurationMs};
  gate_.Activate(policy);
  EXPECT_EQ(Tip(999).tip.cooling_off_end_ms, 0);
  const int64_t end_ms = gate_.now_ms + kDurationMs;
  const Decided trigger = Tip(1'000);
  EXPECT_TRUE(trigger.is_accepted());
  EXPECT_EQ(trigger.tip.cooling_off_end_ms, end_ms);
  EXPECT_EQ(trigger.tip.amount_max, Money());
  gate_.now_ms = end_ms - 1;
  const Decided refused = Tip(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kCoolingOff));
  EXPECT_EQ(refused.tip.retry_time_ms, end_ms);
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  gate_.now_ms = end_ms;
  EXPECT_TRUE(Tip(1).is_accepted());
  ExpectProved();
}

TEST_F(CoolingOffTest, T15AndO2TheSumOverTheWindowIsExactToTheMillisecond) {
  EXPECT_TRUE(Tip(250).is_accepted());
  gate_.now_ms += kWindowMs;  // exactly as old: out
  EXPECT_EQ(Tip(250).tip.cooling_off_end_ms, 0);
  gate_.now_ms += kWindowMs - 1;
  EXPECT_EQ(gate_.Check(gate_.MakeTip(kPayer, kFen, 249)).tip.cooling_off_end_ms, 0);
  EXPECT_NE(Tip(250).tip.cooling_off_end_ms, 0);
  ExpectProved();
}

TEST_F(CoolingOffTest, T15AndO2ATipAsOldAsTheWindowIsOutThoughOthersFollowed) {
  const auto end_ms = [&] {
    return gate_.Check(gate_.MakeTip(kPayer, kFen, 150)).tip.cooling_off_end_ms;
  };
  EXPECT_TRUE(Tip(250).is_accepted());
  gate_.now_ms += 1;
  EXPECT_TRUE(Tip(100).is_accepted());
  gate_.now_ms += kWindowMs - 2;
  EXPECT_NE(end_ms(), 0);
  gate_.now_ms += 1;
  EXPECT_EQ(end_ms(), 0);
}

TEST_F(CoolingOffTest, T15AndO1TheCountOverTheWindow) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Tip(1).tip.cooling_off_end_ms, 0);
  gate_.Checkpoint();
  EXPECT_NE(Tip(1).tip.cooling_off_end_ms, 0);
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
}

TEST_F(CoolingOffTest, T15AndO1TipsFromUnderAPolicyWithoutAWindowDoNotCount) {
  const Policy with_window = *gate_.state.policy;
  Policy without = with_window;
  without.cooling_off = CoolingOffPolicy();
  gate_.Activate(without);
  EXPECT_TRUE(Tip(400).is_accepted());
  gate_.Activate(with_window);
  EXPECT_EQ(Tip(200).tip.cooling_off_end_ms, 0);
}

TEST_F(CoolingOffTest, T15AndO2WhatOnceKeptItsHeadroomLeavesTheWindowWithTheRest) {
  Policy keeping = *gate_.state.policy;
  keeping.tip_life.remorse_ms = kWindowMs;
  keeping.tip_life.void_restores_headroom = false;
  gate_.Activate(keeping);
  TipRequest request = gate_.MakeTip(kPayer, kFen, 100);
  request.is_hold = true;
  const RecordId tip = gate_.Tip(request).id;
  EXPECT_TRUE(gate_.CaptureTip(tip, Money(90)).is_accepted());
  Policy restoring = keeping;
  restoring.tip_life.void_restores_headroom = true;
  gate_.Activate(restoring);
  const RecentTips& recent = *gate_.state.recent_tips.Find(kPayer);
  EXPECT_EQ(recent.Within(gate_.now_ms, kWindowMs).sum, Money(100));
  EXPECT_TRUE(gate_.VoidTip(tip).is_accepted());
  EXPECT_EQ(recent.Within(gate_.now_ms, kWindowMs).sum, Money(10));
  EXPECT_EQ(gate_.state.payers.Find(kPayer)->tips.day_total, Money(10));
}

TEST_F(CoolingOffTest, T15AndO1RefusedTipsDoNotCount) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(gate_.Tip(gate_.MakeTip(kPayer, GiftId(4), 1)).is_accepted());
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Tip(1).tip.cooling_off_end_ms, 0);
}

TEST_F(CoolingOffTest, T15AndO3StaffMayStartOneAndNoneShortensAnother) {
  EXPECT_TRUE(gate_.CoolOff(kPayer, absl::Hours(1)).is_accepted());
  const int64_t end_ms = gate_.now_ms + 3'600'000;
  EXPECT_EQ(gate_.CoolOff(kPayer, absl::Minutes(1)).cooling_off.end_time_ms, end_ms);
  gate_.now_ms = end_ms - 1;
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kCoolingOff));
  gate_.now_ms = end_ms;
  EXPECT_THAT(Codes(1), IsEmpty());
  EXPECT_EQ(gate_.CoolOff(PayerId(9), absl::Hours(1)).error(), ErrorReason::kNotFound);
}

TEST_F(CoolingOffTest, O2RecentTipsAreForgottenAfterTheLongestWindow) {
  Tip(1);
  gate_.Checkpoint();
  gate_.now_ms += kCoolingOffWindowMaxMs - 1;
  gate_.Tick();
  EXPECT_EQ(gate_.state.recent_tips.size(), 1u);
  gate_.now_ms += 1;
  gate_.Tick();
  EXPECT_EQ(gate_.state.recent_tips.size(), 0u);
  Tip(1);  // forgotten and there again between two checkpoints
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  gate_.now_ms += kCoolingOffWindowMaxMs;
  gate_.Tick();
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->state.recent_tips.size(), 0u);
}

class PreferencesTest : public PayerControlsTest {
 protected:
  PreferencesTest() {
    Policy policy = SamplePolicy();
    policy.day_limit = Money(1'000);  // reminders at 300, 500, 800 and 1,000
    policy.confirmation = {};
    gate_.Activate(policy);
  }
  Decided Set(SwitchChange reminders, SwitchChange public_display = SwitchChange::kKeep,
              const ConfirmationToken& token = {}) {
    PreferencesRecord record;
    record.payer = kPayer;
    record.reminders_change = reminders;
    record.public_display_change = public_display;
    record.token = token;
    return gate_.SetPreferences(record);
  }
  ConfirmationToken Token() {
    const auto token =
        gate_.StartConfirmation(kPayer, ConfirmationScope::kReminders).confirmation.token;
    EXPECT_EQ(Refusal(ConfirmationScope::kReminders, token), ConfirmationRefusal::kNone);
    return token;
  }
  size_t RemindersOf(int32_t count) { return Tip(count).reminders.size(); }
};

TEST_F(PreferencesTest, W4RemindersGoOffOnlyWithACompletedConfirmation) {
  const Decided refused = Set(SwitchChange::kOff, SwitchChange::kOn);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_FALSE(refused.preferences.has_reminders_off);
  EXPECT_FALSE(refused.preferences.allows_public_display);  // all or nothing
  EXPECT_EQ(RemindersOf(300), 1u);
  const auto started =
      gate_.StartConfirmation(kPayer, ConfirmationScope::kReminders).confirmation.token;
  EXPECT_FALSE(Set(SwitchChange::kOff, SwitchChange::kKeep, started).is_accepted());
  EXPECT_EQ(Refusal(ConfirmationScope::kSelfLimits, started), ConfirmationRefusal::kNotStarted);
  EXPECT_EQ(Refusal(ConfirmationScope::kReminders, started), ConfirmationRefusal::kNone);
  EXPECT_FALSE(Set(SwitchChange::kOff, SwitchChange::kKeep, ConfirmationToken("x")).is_accepted());
  EXPECT_TRUE(Set(SwitchChange::kOff, SwitchChange::kKeep, started).is_accepted());
  EXPECT_EQ(RemindersOf(200), 0u);
  // The token is used up, but who has them off confirms nothing.
  EXPECT_TRUE(Set(SwitchChange::kOff).is_accepted());
  EXPECT_TRUE(Set(SwitchChange::kOn).is_accepted());
  EXPECT_FALSE(Set(SwitchChange::kOff, SwitchChange::kKeep, started).is_accepted());
  ExpectProved();
}

TEST_F(PreferencesTest, W4WhatIsReachedMeanwhileIsNotToldLater) {
  ASSERT_TRUE(Set(SwitchChange::kOff, SwitchChange::kKeep, Token()).is_accepted());
  EXPECT_EQ(RemindersOf(799), 0u);
  ASSERT_TRUE(Set(SwitchChange::kOn).is_accepted());
  const Decided next = Tip(1);
  ASSERT_EQ(next.reminders.size(), 1u);
  EXPECT_EQ(next.reminders.front().permille, 800);
  EXPECT_EQ(gate_.state.totals.reminders_count, 1);
  ExpectProved();
}

TEST_F(PreferencesTest, P3NobodysTipsAreShownUnlessTheySaySo) {
  EXPECT_FALSE(Set(SwitchChange::kOn).preferences.allows_public_display);
  EXPECT_TRUE(Set(SwitchChange::kKeep, SwitchChange::kOn).preferences.allows_public_display);
  EXPECT_TRUE(gate_.state.controls.Find(kPayer)->allows_public_display);
  gate_.PutPayer(Facts());  // new facts change no preference
  EXPECT_TRUE(gate_.state.controls.Find(kPayer)->allows_public_display);
  EXPECT_FALSE(Set(SwitchChange::kKeep, SwitchChange::kOff).preferences.allows_public_display);
  PreferencesRecord unknown;
  unknown.payer = PayerId(99);
  unknown.public_display_change = SwitchChange::kOn;
  EXPECT_EQ(gate_.SetPreferences(unknown).error(), ErrorReason::kNotFound);
  ExpectProved();
}

TEST_F(PayerControlsTest, T5AndR5AndA1AFrozenPayerPaysNothingUntilTwoPeopleAgree) {
  EXPECT_EQ(gate_.Unfreeze(kPayer, "a").error(), ErrorReason::kWrongState);
  EXPECT_TRUE(gate_.Freeze(kPayer).is_accepted());
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kPayerFrozen));
  EXPECT_THAT(gate_.Recharge(kPayer, Money(1)).codes(), ElementsAre(RejectionCode::kPayerFrozen));
  EXPECT_TRUE(gate_.Unfreeze(kPayer, "a").freeze.is_frozen);
  EXPECT_EQ(gate_.Unfreeze(kPayer, "a").error(), ErrorReason::kWrongState);
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kPayerFrozen));
  gate_.Freeze(kPayer);  // for another case: the first agreement no longer counts
  EXPECT_TRUE(gate_.Unfreeze(kPayer, "a").freeze.is_frozen);
  EXPECT_FALSE(gate_.Unfreeze(kPayer, "b").freeze.is_frozen);
  EXPECT_THAT(Codes(1), IsEmpty());
  ExpectProved();
}

}  // namespace
}  // namespace tipgate

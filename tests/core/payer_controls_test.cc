// Limits beyond the policy, preferences and freezes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/payer_controls_fixture.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

TEST_F(PayerControlsTest, B3AndK4ACompletedConfirmationIsGoodUntilItsTokenExpires) {
  SetDayLimit(100);
  const LimitChange removal = {.kind = LimitChangeKind::kRemove};
  const ConfirmationToken late = ConfirmedToken();
  gate_.now_ms += kConfirmationMs;
  EXPECT_THAT(SetDayLimit(removal, late).codes(),
              ElementsAre(RejectionCode::kConfirmationRequired));
  const ConfirmationToken in_time = ConfirmedToken();
  gate_.now_ms += kConfirmationMs - 1;
  EXPECT_TRUE(SetDayLimit(removal, in_time).is_accepted());
  ExpectProved();
}

TEST_F(PayerControlsTest, B3AndK3ACompletedConfirmationEndsWithItsPolicy) {
  SetDayLimit(100);
  const ConfirmationToken token = ConfirmedToken();
  gate_.Activate(SamplePolicy());
  EXPECT_THAT(SetDayLimit({.kind = LimitChangeKind::kRemove}, token).codes(),
              ElementsAre(RejectionCode::kConfirmationRequired));
  ExpectProved();
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

TEST_F(PreferencesTest, W4AndK4ACompletedConfirmationIsGoodUntilItsTokenExpires) {
  const ConfirmationToken token = Token();
  gate_.now_ms += kConfirmationMs;
  EXPECT_FALSE(Set(SwitchChange::kOff, SwitchChange::kKeep, token).is_accepted());
  EXPECT_EQ(RemindersOf(300), 1u);
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
  gate_.Freeze(kPayer);  // once more: the first agreement no longer counts
  EXPECT_TRUE(gate_.Unfreeze(kPayer, "a").freeze.is_frozen);
  EXPECT_FALSE(gate_.Unfreeze(kPayer, "b").freeze.is_frozen);
  EXPECT_THAT(Codes(1), IsEmpty());
  ExpectProved();
}

TEST_F(PayerControlsTest, T5AndA1EachCaseFreezesUntilItEnds) {
  for (const char* name : {"1", "2", "3", "4"})
    EXPECT_TRUE(gate_.Freeze(kPayer, name).is_accepted());
  EXPECT_EQ(gate_.Freeze(kPayer, "5").error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(gate_.Freeze(kPayer, "4").is_accepted());
  EXPECT_EQ(gate_.Unfreeze(kPayer, "a", "5").error(), ErrorReason::kWrongState);
  EXPECT_TRUE(gate_.Unfreeze(kPayer, "a", "1").is_accepted());
  // Who agrees to end one case has not agreed to end another.
  EXPECT_EQ(gate_.Unfreeze(kPayer, "b", "2").freeze.first_approver, ActorName("b"));
  gate_.Checkpoint();
  ExpectProved();
  for (const char* name : {"1", "3", "4"}) {
    gate_.Unfreeze(kPayer, "a", name);
    EXPECT_TRUE(gate_.Unfreeze(kPayer, "c", name).freeze.is_frozen) << name;
  }
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kPayerFrozen));
  EXPECT_FALSE(gate_.Unfreeze(kPayer, "c", "2").freeze.is_frozen);
  EXPECT_THAT(Codes(1), IsEmpty());
  ExpectProved();
}

}  // namespace
}  // namespace tipgate

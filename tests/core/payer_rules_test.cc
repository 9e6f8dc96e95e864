#include "core/rules/payer_rules.h"

#include "core/rules/payer_blocks.h"
#include "tests/core/tip_rules_fixture.h"

namespace tipgate {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST_F(TipRules, T2AndF2MinorIsBlockedUntilTheMidnightOfThe18thBirthday) {
  PayerRecord record = Verified(PayerId(2));
  record.age.birth_date = {.year = 2008, .month = 11, .day = 24};
  gate_.PutPayer(record);
  gate_.SetTime("2026-11-23 23:59:59.999");
  const Decided refused = TipOf(PayerId(2));
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kMinorBlocked));
  EXPECT_EQ(refused.tip.amount_max, Money());
  EXPECT_EQ(refused.tip.count_max, 0);
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_TRUE(TipOf(PayerId(2)).is_accepted());
}

TEST_F(TipRules, T2AndF2BirthdayOf29FebruaryIsOn1MarchInCommonYears) {
  PayerRecord record = Verified(PayerId(2));
  record.age.birth_date = {.year = 2008, .month = 2, .day = 29};
  EXPECT_EQ(AgeInYears(record.age.birth_date, {.year = 2026, .month = 2, .day = 28}), 17);
  EXPECT_EQ(AgeInYears(record.age.birth_date, {.year = 2026, .month = 3, .day = 1}), 18);
}

TEST_F(TipRules, T2EveryMinorBandIsBlocked) {
  for (const AgeBand band : {AgeBand::kUnder8, AgeBand::k8To15, AgeBand::k16To17}) {
    PayerRecord record = Verified(PayerId(2));
    record.age.band = band;
    gate_.PutPayer(record);
    EXPECT_THAT(TipOf(PayerId(2)).codes(), ElementsAre(RejectionCode::kMinorBlocked));
  }
  PayerRecord record = Verified(PayerId(2));
  record.age.band = AgeBand::kAdult;
  gate_.PutPayer(record);
  EXPECT_TRUE(TipOf(PayerId(2)).is_accepted());
}

TEST_F(TipRules, T2AMinorStaysBlockedWithoutVerification) {
  PayerRecord record;
  record.payer = PayerId(2);
  record.age.band = AgeBand::k8To15;
  gate_.PutPayer(record);
  EXPECT_THAT(TipOf(PayerId(2)).codes(),
              ElementsAre(RejectionCode::kMinorBlocked, RejectionCode::kRealNameRequired));
}

class TieredMinors : public TipRules {
 protected:
  static constexpr PayerId kMinor{2};

  TieredMinors() {
    policy_.minor_profile = MinorProfile::kTiered2026;
    policy_.limits_8_to_15 = {.single_max = Money(5'000), .day_limit = Money(8'000)};
    policy_.limits_16_to_17 = {.single_max = Money(20'000), .day_limit = Money(30'000)};
    gate_.Activate(policy_);
  }

  void PutMinor(AgeBand band, bool has_consent) {
    PayerRecord record = Verified(kMinor);
    record.age.band = band;
    record.has_guardian_consent = has_consent;
    gate_.PutPayer(record);
  }
  Decided TipFen(int32_t fen) { return gate_.Tip(gate_.MakeTip(kMinor, kFenGift, fen)); }

  Policy policy_ = SamplePolicy();
};

TEST_F(TieredMinors, T2NobodyUnder8PaysWhateverTheConsent) {
  PutMinor(AgeBand::kUnder8, true);
  const Decided refused = TipFen(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kMinorBlocked));
  EXPECT_EQ(refused.tip.amount_max, Money());
  EXPECT_EQ(refused.violations[0].origin, LimitOrigin::kNone);
  EXPECT_THAT(gate_.Recharge(kMinor, Money(1)).codes(), ElementsAre(RejectionCode::kMinorBlocked));
}

TEST_F(TieredMinors, T2WithoutConsentNoMinorPays) {
  for (const AgeBand band : {AgeBand::k8To15, AgeBand::k16To17}) {
    PutMinor(band, false);
    const Decided refused = TipFen(1);
    EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kMinorBlocked));
    EXPECT_EQ(refused.tip.amount_max, Money());
  }
}

TEST_F(TieredMinors, T2ConsentDoesNotReplaceVerification) {
  PayerRecord record;
  record.payer = kMinor;
  record.age.band = AgeBand::k16To17;
  record.has_guardian_consent = true;
  gate_.PutPayer(record);
  EXPECT_THAT(TipFen(1).codes(), ElementsAre(RejectionCode::kRealNameRequired));
}

TEST_F(TieredMinors, T2ASingleTipIsCappedByTheBand) {
  PutMinor(AgeBand::k8To15, true);
  const Decided refused = TipFen(5'001);
  ASSERT_THAT(refused.codes(), ElementsAre(RejectionCode::kMinorBlocked));
  EXPECT_EQ(refused.violations[0].origin, LimitOrigin::kAgeBand);
  EXPECT_EQ(refused.violations[0].limit, 5'000);
  EXPECT_EQ(refused.violations[0].requested, 5'001);
  EXPECT_EQ(refused.tip.amount_max, Money(5'000));
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
  EXPECT_TRUE(TipFen(5'000).is_accepted());
}

TEST_F(TieredMinors, T2TheDayIsCappedByTheBandUntilMidnight) {
  PutMinor(AgeBand::k8To15, true);
  const Decided first = TipFen(5'000);
  EXPECT_EQ(first.tip.day_left, Money(3'000));
  EXPECT_EQ(first.tip.amount_max, Money(3'000));
  const Decided refused = TipFen(3'001);
  ASSERT_THAT(refused.codes(), ElementsAre(RejectionCode::kMinorBlocked));
  EXPECT_EQ(refused.violations[0].limit, 8'000);
  EXPECT_EQ(refused.violations[0].used, 5'000);
  EXPECT_EQ(refused.tip.amount_max, Money(3'000));
  EXPECT_TRUE(TipFen(3'000).is_accepted());
  gate_.now_ms = refused.tip.retry_time_ms - 1;
  EXPECT_FALSE(TipFen(3'001).is_accepted());
  gate_.now_ms = refused.tip.retry_time_ms;
  EXPECT_TRUE(TipFen(3'001).is_accepted());
}

TEST_F(TieredMinors, T2EachBandHasItsOwnLimits) {
  PutMinor(AgeBand::k16To17, true);
  const auto hundred_yuan = [&](int32_t count) {
    return gate_.Tip(gate_.MakeTip(kMinor, kHundredYuanGift, count));
  };
  EXPECT_FALSE(hundred_yuan(3).is_accepted());
  EXPECT_TRUE(hundred_yuan(2).is_accepted());
  EXPECT_EQ(TipFen(9'999).tip.day_left, Money(1));
  EXPECT_FALSE(TipFen(2).is_accepted());
  EXPECT_TRUE(TipFen(1).is_accepted());
}

TEST_F(TieredMinors, T2AndF2TheBandFollowsTheBirthday) {
  PayerRecord record = Verified(kMinor);
  record.has_guardian_consent = true;
  record.age.birth_date = {.year = 2018, .month = 11, .day = 24};  // 8 tomorrow
  gate_.PutPayer(record);
  EXPECT_FALSE(TipFen(1).is_accepted());
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_TRUE(TipFen(5'000).is_accepted());
  // No session is open any more; of this rule, only its own word counts.
  gate_.SetTime("2034-11-23 23:59:59.999");  // 16 tomorrow
  EXPECT_THAT(TipFen(5'001).codes(), Contains(RejectionCode::kMinorBlocked));
  gate_.SetTime("2034-11-24 00:00:00.000");
  EXPECT_THAT(TipFen(5'001).codes(), Not(Contains(RejectionCode::kMinorBlocked)));
}

TEST_F(TieredMinors, T2RemindersAreOfTheBandsDayLimit) {
  PutMinor(AgeBand::k8To15, true);
  const Decided decided = TipFen(2'400);
  ASSERT_EQ(decided.reminders.size(), 1u);
  EXPECT_EQ(decided.reminders[0].permille, 300);
  EXPECT_TRUE(TipFen(1'599).reminders.empty());
  EXPECT_EQ(TipFen(1).reminders.size(), 1u);
}

TEST_F(TieredMinors, T2ThePolicysTighterLimitsStillHold) {
  policy_.tip_max = Money(4'000);
  policy_.day_limit = Money(4'500);
  gate_.Activate(policy_);
  PutMinor(AgeBand::k8To15, true);
  EXPECT_THAT(TipFen(4'001).codes(), ElementsAre(RejectionCode::kTipCap));
  EXPECT_EQ(TipFen(4'000).tip.day_left, Money(500));
  EXPECT_THAT(TipFen(501).codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_TRUE(TipFen(500).is_accepted());
}

TEST_F(TieredMinors, T2AndR2RechargesHaveTheSameLimits) {
  PutMinor(AgeBand::k8To15, true);
  EXPECT_THAT(gate_.Recharge(kMinor, Money(5'001)).codes(),
              ElementsAre(RejectionCode::kMinorBlocked));
  const Decided first = gate_.Recharge(kMinor, Money(5'000));
  EXPECT_TRUE(first.is_accepted());
  EXPECT_EQ(first.recharge.amount_max, Money(3'000));
  EXPECT_EQ(first.recharge.day_left, Money(3'000));
  EXPECT_FALSE(gate_.Recharge(kMinor, Money(3'001)).is_accepted());
  EXPECT_TRUE(gate_.Recharge(kMinor, Money(3'000)).is_accepted());
}

TEST_F(TieredMinors, T2ConsentAloneOpensNothingUnderTheStrictProfile) {
  gate_.Activate(SamplePolicy());
  PutMinor(AgeBand::k16To17, true);
  EXPECT_THAT(TipFen(1).codes(), ElementsAre(RejectionCode::kMinorBlocked));
}

TEST_F(TipRules, T3YouthModeBlocksAdultsToo) {
  PayerRecord record = Verified(kPayer);
  record.age.band = AgeBand::kAdult;
  record.has_youth_mode = true;
  gate_.PutPayer(record);
  const Decided refused = TipOf(kPayer);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kYouthMode));
  EXPECT_EQ(refused.tip.amount_max, Money());
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
  EXPECT_THAT(gate_.Recharge(kPayer, Money(1)).codes(), ElementsAre(RejectionCode::kYouthMode));
  record.has_youth_mode = false;
  record.intent = {};
  gate_.PutPayer(record);
  EXPECT_TRUE(TipOf(kPayer).is_accepted());
}

TEST_F(TipRules, T4UnknownAndUnverifiedPayersAreRefused) {
  EXPECT_THAT(TipOf(PayerId(99)).codes(), ElementsAre(RejectionCode::kRealNameRequired));
  PayerRecord record;
  record.payer = PayerId(2);
  record.age.band = AgeBand::kAdult;
  gate_.PutPayer(record);
  EXPECT_THAT(TipOf(PayerId(2)).codes(), ElementsAre(RejectionCode::kRealNameRequired));
}

TEST_F(TipRules, F1VerifiedWithoutAnAgeIsNotVerified) {
  gate_.PutPayer(Verified(PayerId(2)));
  EXPECT_THAT(TipOf(PayerId(2)).codes(), ElementsAre(RejectionCode::kRealNameRequired));
}

TEST_F(TipRules, F1FactsOlderThanTheirMaxAgeAreRefusedToTheMillisecond) {
  Policy policy = SamplePolicy();
  policy.facts_max_age_ms = 1'000;
  gate_.Activate(policy);
  gate_.PutAdultStreamer(StreamerId(1), "L3");
  gate_.PutAdult(PayerId(2));
  gate_.now_ms += 1'000;
  EXPECT_TRUE(TipOf(PayerId(2)).is_accepted());
  gate_.now_ms += 1;
  EXPECT_THAT(TipOf(PayerId(2)).codes(),
              ElementsAre(RejectionCode::kRealNameRequired, RejectionCode::kStreamerUnavailable));
}

TEST_F(TipRules, F3NewFactsCountForTheNextDecision) {
  EXPECT_TRUE(TipOf(kPayer).is_accepted());
  PayerRecord record = Verified(kPayer);
  record.age.band = AgeBand::k16To17;
  gate_.PutPayer(record);
  EXPECT_THAT(TipOf(kPayer).codes(), ElementsAre(RejectionCode::kMinorBlocked));
}

TEST_F(TipRules, T6APauseEndsToTheMillisecond) {
  const Decided pause = gate_.Pause(kPayer, absl::Hours(2));
  EXPECT_EQ(pause.pause.end_time_ms, gate_.now_ms + 7'200'000);
  const Decided refused = TipOf(kPayer);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kPayerPaused));
  EXPECT_EQ(refused.tip.amount_max, Money());
  EXPECT_EQ(refused.tip.retry_time_ms, pause.pause.end_time_ms);
  EXPECT_THAT(gate_.Recharge(kPayer, Money(1)).codes(), ElementsAre(RejectionCode::kPayerPaused));
  gate_.now_ms = pause.pause.end_time_ms - 1;
  EXPECT_FALSE(TipOf(kPayer).is_accepted());
  gate_.now_ms = pause.pause.end_time_ms;
  EXPECT_TRUE(TipOf(kPayer).is_accepted());
  EXPECT_TRUE(gate_.Recharge(kPayer, Money(1)).is_accepted());
}

TEST_F(TipRules, T6AndP2NothingEndsAPauseEarly) {
  const Decided pause = gate_.Pause(kPayer, absl::Hours(2));
  EXPECT_EQ(gate_.Pause(kPayer, absl::Hours(1)).pause.end_time_ms, pause.pause.end_time_ms);
  gate_.PutAdult(kPayer);
  EXPECT_FALSE(TipOf(kPayer).is_accepted());
  gate_.now_ms += 1;
  EXPECT_EQ(gate_.Pause(kPayer, absl::Hours(2)).pause.end_time_ms, pause.pause.end_time_ms + 1);
}

TEST_F(TipRules, T6APauseSurvivesARestart) {
  gate_.Pause(kPayer, absl::Hours(2));
  const auto replayed = gate_.Recovered();
  EXPECT_EQ(replayed->Fingerprint(), gate_.Fingerprint());
  gate_.Checkpoint();
  const auto restored = gate_.Recovered();
  EXPECT_THAT(restored->Tip(restored->MakeTip(kPayer, kFenGift, 1)).codes(),
              ElementsAre(RejectionCode::kPayerPaused));
}

TEST_F(TipRules, T2ToT6AndT15WhatRefusesAPayerIsThatWhichRefusesATip) {
  const auto rules_against = [this] {
    return RulesAgainst(*gate_.state.payers.Find(PayerId(2)),
                        *gate_.state.controls.Find(PayerId(2)), *gate_.state.policy,
                        Calendar::Load("Asia/Shanghai")->At(gate_.now_ms));
  };
  PayerRecord record = Verified(PayerId(2));
  record.age.band = AgeBand::k16To17;
  record.has_youth_mode = true;
  record.is_verified = false;
  gate_.PutPayer(record);
  gate_.Freeze(PayerId(2));
  gate_.Pause(PayerId(2), absl::Hours(24));
  gate_.CoolOff(PayerId(2), absl::Hours(25));
  EXPECT_THAT(rules_against(),
              ElementsAre(RejectionCode::kMinorBlocked, RejectionCode::kYouthMode,
                          RejectionCode::kRealNameRequired, RejectionCode::kPayerFrozen,
                          RejectionCode::kPayerPaused, RejectionCode::kCoolingOff));
  EXPECT_EQ(rules_against(), TipOf(PayerId(2)).codes());
  record = Verified(PayerId(2));
  record.age.band = AgeBand::kAdult;
  gate_.PutPayer(record);
  gate_.Unfreeze(PayerId(2), "ann");
  gate_.Unfreeze(PayerId(2), "bob");
  gate_.Advance(absl::Hours(24));
  EXPECT_EQ(rules_against(), std::vector{RejectionCode::kCoolingOff});
  gate_.Advance(absl::Hours(1));
  EXPECT_TRUE(rules_against().empty());
}

TEST_F(TipRules, T6OnlyAKnownPayerCanPause) {
  EXPECT_EQ(gate_.Pause(PayerId(99), absl::Hours(1)).error(), ErrorReason::kNotFound);
}

}  // namespace
}  // namespace tipgate

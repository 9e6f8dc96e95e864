// Every rule of a tip, at its edge, one step within and one step beyond.

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

class TipRules : public GateTest {
 protected:
  // Decides on a tip and dry-runs it first: both must say the same.
  v1::TipDecision Decide(v1::TipIntent intent) {
    intent.set_idempotency_key(absl::StrCat("tip ", client().NewKey()));
    const v1::TipDecision check = client().Check(intent);
    const v1::TipDecision decision = client().Tip(intent);
    EXPECT_EQ(check.outcome(), decision.outcome());
    EXPECT_EQ(check.violations_size(), decision.violations_size());
    return decision;
  }
  bool IsAccepted(const v1::TipIntent& intent) {
    const v1::TipDecision decision = Decide(intent);
    return decision.outcome() == v1::OUTCOME_ACCEPTED && decision.violations_size() == 0;
  }
  // The one rule that refuses this tip.
  v1::Violation Refusal(const v1::TipIntent& intent) {
    const v1::TipDecision decision = Decide(intent);
    EXPECT_EQ(decision.outcome(), v1::OUTCOME_REJECTED);
    EXPECT_EQ(decision.violations_size(), 1) << decision.ShortDebugString();
    EXPECT_FALSE(decision.has_settle_time());
    return decision.violations_size() == 1 ? decision.violations(0) : v1::Violation();
  }
  int RefusalCode(const v1::TipIntent& intent) { return Refusal(intent).code(); }
  void PutPayer(const v1::PayerFacts& facts) {
    client().Must(PutPayerOf(client().NewKey(), kPayer, facts));
  }
  void PutStreamer(const v1::StreamerFacts& facts) {
    client().Must(PutStreamerOf(client().NewKey(), kStreamer, facts));
  }
};

TEST_F(TipRules, T2AndF2BlocksAMinorUntilTheEighteenthBirthday) {
  StartGateWithSession();
  PutPayer(FactsBornOn(LastBirthDateOfAge(18) + 1));
  const v1::TipDecision decision = Decide(TipOf("", 1));
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_MINOR_BLOCKED);
  EXPECT_EQ(decision.amount_max_minor(), 0);
  EXPECT_EQ(decision.count_max(), 0);
  EXPECT_FALSE(decision.has_retry_time());
  PutPayer(FactsBornOn(LastBirthDateOfAge(18)));
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
}

TEST_F(TipRules, T2BlocksEachBandOfMinors) {
  StartGateWithSession();
  for (const v1::AgeBand band :
       {v1::AGE_BAND_UNDER_8, v1::AGE_BAND_8_TO_15, v1::AGE_BAND_16_TO_17}) {
    v1::PayerFacts facts = AdultFacts();
    facts.set_age_band(band);
    PutPayer(facts);
    EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_MINOR_BLOCKED) << band;
  }
  EXPECT_EQ(client().Totals().accepted_minor(), 0);
}

TEST_F(TipRules, T2LetsAMinorPayWithinTheBandWhereThePolicySaysSo) {
  policy_.minors =
      "{profile: tiered_2026, age_8_to_15: {single_max_minor: 50, day_limit_minor: 80}, "
      "age_16_to_17: {single_max_minor: 100, day_limit_minor: 100}}";
  StartGateWithSession();
  v1::PayerFacts facts = AdultFacts();
  facts.set_age_band(v1::AGE_BAND_8_TO_15);
  PutPayer(facts);
  EXPECT_EQ(Refusal(TipOf("", 1)).origin(), v1::LIMIT_ORIGIN_UNSPECIFIED);
  facts.set_guardian_consent(true);
  PutPayer(facts);
  const v1::Violation refusal = Refusal(TipOf("", 51));
  EXPECT_EQ(refusal.code(), v1::REJECTION_CODE_MINOR_BLOCKED);
  EXPECT_EQ(refusal.origin(), v1::LIMIT_ORIGIN_AGE_BAND);
  EXPECT_EQ(refusal.limit_minor(), 50);
  EXPECT_TRUE(IsAccepted(TipOf("", 50)));
  EXPECT_EQ(Refusal(TipOf("", 31)).limit_minor(), 80);
  EXPECT_TRUE(IsAccepted(TipOf("", 30)));
}

TEST_F(TipRules, T3YouthModeRefusesAdults) {
  StartGateWithSession();
  v1::PayerFacts facts = AdultFacts();
  facts.set_youth_mode(true);
  PutPayer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_YOUTH_MODE);
}

TEST_F(TipRules, T11NobodyTipsThemself) {
  StartGateWithSession();
  v1::StreamerFacts facts = StreamerFactsOf("T1");
  facts.set_payer_id(kPayer);
  PutStreamer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_SELF_TIP);
}

TEST_F(TipRules, T4WantsAVerifiedAndKnownPayer) {
  StartGateWithSession();
  v1::TipIntent intent = TipOf("", 1);
  intent.set_payer_id(999);
  EXPECT_EQ(RefusalCode(intent), v1::REJECTION_CODE_REAL_NAME_REQUIRED);
  v1::PayerFacts facts = AdultFacts();
  facts.set_real_name_verified(false);
  PutPayer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_REAL_NAME_REQUIRED);
  facts.set_real_name_verified(true);
  PutPayer(facts);
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
}

TEST_F(TipRules, T4AndF1ForgetsFactsThatAreTooOld) {
  policy_.facts_max_age = "1h";
  StartGate();
  client().PutStreamer(kStreamer);
  client().OpenSession(kSession, kStreamer);
  v1::PayerFacts facts = AdultFacts();
  *facts.mutable_observe_time() = TimestampOf(absl::Now() - absl::Minutes(61));
  PutPayer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_REAL_NAME_REQUIRED);
  *facts.mutable_observe_time() = TimestampOf(absl::Now() - absl::Minutes(59));
  PutPayer(facts);
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
}

TEST_F(TipRules, T7WantsAVerifiedStreamerOfSixteen) {
  StartGateWithSession();
  const v1::StreamerFacts adult = StreamerFactsOf("T1");
  v1::StreamerFacts facts = adult;
  facts.set_real_name_verified(false);
  PutStreamer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_STREAMER_UNAVAILABLE);

  facts = adult;
  facts.set_guardian_consent(true);
  *facts.mutable_birth_date() = DateOf(LastBirthDateOfAge(16) + 1);
  PutStreamer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_STREAMER_UNAVAILABLE);
  *facts.mutable_birth_date() = DateOf(LastBirthDateOfAge(16));
  PutStreamer(facts);
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
}

TEST_F(TipRules, T7WantsAGuardiansConsentUntilEighteen) {
  StartGateWithSession();
  v1::StreamerFacts facts = StreamerFactsOf("T1");
  *facts.mutable_birth_date() = DateOf(LastBirthDateOfAge(18) + 1);
  PutStreamer(facts);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_STREAMER_UNAVAILABLE);
  *facts.mutable_birth_date() = DateOf(LastBirthDateOfAge(18));
  PutStreamer(facts);
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
}

TEST_F(TipRules, T9WantsAnOpenSessionOfThisStreamer) {
  StartGateWithSession();
  v1::TipIntent unknown = TipOf("", 1);
  unknown.set_session_id(999);
  EXPECT_EQ(RefusalCode(unknown), v1::REJECTION_CODE_SESSION_NOT_OPEN);
  v1::TipIntent others = TipOf("", 1);
  others.set_streamer_id(kStreamer + 1);
  client().PutStreamer(kStreamer + 1);
  EXPECT_EQ(RefusalCode(others), v1::REJECTION_CODE_SESSION_NOT_OPEN);
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
  client().Must(CloseSessionOf("close", kSession));
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_SESSION_NOT_OPEN);
}

TEST_F(TipRules, T10EndsASessionAtItsMaxEndTime) {
  policy_.tiers[0].session_duration_max = "1m";
  constexpr int64_t kMinuteMs = 60'000;
  const int64_t open_ms = absl::ToUnixMillis(absl::Now()) - 2 * kMinuteMs;
  TestClock& clock = StopClock(open_ms);
  StartGateWithSession();
  clock.Set(open_ms + kMinuteMs - 1);
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
  clock.Set(open_ms + kMinuteMs);
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_SESSION_OVERTIME);
}

TEST_F(TipRules, T12WantsTheCataloguesGiftAtTheCataloguesPrice) {
  StartGateWithSession();
  EXPECT_EQ(RefusalCode(TipOf("", 1, 77)), v1::REJECTION_CODE_GIFT_UNKNOWN);
  EXPECT_EQ(RefusalCode(TipOf("", 1, kGiftOffSale)), v1::REJECTION_CODE_GIFT_UNKNOWN);
  for (const int64_t price : {999, 1'001}) {
    v1::TipIntent intent = TipOf("", 1, 1'000);
    intent.set_unit_price_minor(price);
    const v1::Violation violation = Refusal(intent);
    EXPECT_EQ(violation.code(), v1::REJECTION_CODE_GIFT_UNKNOWN);
    EXPECT_EQ(violation.limit_minor(), 1'000);
    EXPECT_EQ(violation.requested_minor(), price);
  }
  EXPECT_TRUE(IsAccepted(TipOf("", 1, 1'000)));
}

TEST_F(TipRules, T13CapsTheUnitPrice) {
  StartGateWithSession();
  EXPECT_TRUE(IsAccepted(TipOf("", 1, 300'000)));
  const v1::Violation violation = Refusal(TipOf("", 1, 300'001));
  EXPECT_EQ(violation.code(), v1::REJECTION_CODE_GIFT_PRICE_CAP);
  EXPECT_EQ(violation.limit_minor(), 300'000);
  EXPECT_EQ(violation.requested_minor(), 300'001);
}

TEST_F(TipRules, T14CapsTheTip) {
  policy_.tip_max_minor = 500;
  StartGateWithSession();
  EXPECT_TRUE(IsAccepted(TipOf("", 499)));
  EXPECT_TRUE(IsAccepted(TipOf("", 500)));
  const v1::TipDecision decision = Decide(TipOf("", 501));
  ASSERT_EQ(decision.violations_size(), 1);
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_TIP_CAP);
  EXPECT_EQ(decision.violations(0).limit_minor(), 500);
  EXPECT_EQ(decision.violations(0).requested_minor(), 501);
  EXPECT_EQ(decision.violations(0).origin(), v1::LIMIT_ORIGIN_POLICY);
  EXPECT_EQ(decision.amount_max_minor(), 500);
  EXPECT_EQ(decision.count_max(), 500);
  EXPECT_FALSE(decision.has_retry_time());
}

TEST_F(TipRules, T16CapsTheDayAndReachingItIsAllowed) {
  policy_.day_limit_minor = 1'000;
  policy_.tiers[0].session_duration_max = "48h";  // beyond midnight
  StartGateWithSession();
  EXPECT_EQ(client().Check(TipOf("", 400)).amount_max_minor(), 1'000);
  EXPECT_TRUE(IsAccepted(TipOf("", 400)));
  const v1::TipDecision decision = Decide(TipOf("", 601));
  ASSERT_EQ(decision.violations_size(), 1);
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_DAY_LIMIT);
  EXPECT_EQ(decision.violations(0).limit_minor(), 1'000);
  EXPECT_EQ(decision.violations(0).used_minor(), 400);
  EXPECT_EQ(decision.violations(0).requested_minor(), 601);
  EXPECT_EQ(decision.amount_max_minor(), 600);
  EXPECT_EQ(decision.day_total_minor(), 400);
  EXPECT_EQ(TimeOf(decision.retry_time()), TimeOf(decision.violations(0).retry_time()));
  EXPECT_GT(TimeOf(decision.retry_time()), TimeOf(decision.decide_time()));
  EXPECT_TRUE(IsAccepted(TipOf("", 599)));
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_DAY_LIMIT);
  // No day is long enough for this one.
  EXPECT_FALSE(Decide(TipOf("", 1'001)).has_retry_time());
}

TEST_F(TipRules, T17CapsTheMonthUntilItsLastMillisecond) {
  policy_.day_limit_minor = 1'000;
  policy_.month_limit_minor = 1'000;
  policy_.tiers[0].session_duration_max = "48h";
  more_config_ = "clock_jump_max: 2d\n";
  // About noon of the last day of the month before this one.
  const absl::CivilDay last_day = absl::CivilDay(absl::CivilMonth(PolicyToday())) - 1;
  TestClock& clock =
      StopClock(absl::ToUnixMillis(absl::Now() - absl::Hours(24) * (PolicyToday() - last_day)));
  StartGateWithSession();
  EXPECT_TRUE(IsAccepted(TipOf("", 999)));
  const v1::TipDecision decision = Decide(TipOf("", 2));
  ASSERT_EQ(decision.violations_size(), 2);
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_DAY_LIMIT);
  EXPECT_EQ(decision.violations(1).code(), v1::REJECTION_CODE_MONTH_LIMIT);
  EXPECT_EQ(decision.violations(1).limit_minor(), 1'000);
  EXPECT_EQ(decision.violations(1).used_minor(), 999);
  EXPECT_EQ(TimeOf(decision.retry_time()), TimeOf(decision.violations(1).retry_time()));
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
  const int64_t retry_ms = absl::ToUnixMillis(TimeOf(decision.retry_time()));
  clock.Set(retry_ms - 1);
  EXPECT_EQ(Decide(TipOf("", 1)).violations_size(), 2);
  clock.Set(retry_ms);
  EXPECT_TRUE(IsAccepted(TipOf("", 2)));
}

TEST_F(TipRules, T19CapsTheSessionForAllPayersTogether) {
  policy_.tiers[0].session_received_max_minor = 100;
  StartGateWithSession();
  client().PutAdult(kPayer + 1);
  v1::TipIntent others = TipOf("", 60);
  others.set_payer_id(kPayer + 1);
  EXPECT_TRUE(IsAccepted(others));
  const v1::TipDecision decision = Decide(TipOf("", 41));
  ASSERT_EQ(decision.violations_size(), 1);
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_SESSION_CAP);
  EXPECT_EQ(decision.violations(0).limit_minor(), 100);
  EXPECT_EQ(decision.violations(0).used_minor(), 60);
  EXPECT_EQ(decision.violations(0).origin(), v1::LIMIT_ORIGIN_TIER);
  EXPECT_EQ(decision.amount_max_minor(), 40);
  EXPECT_FALSE(decision.has_retry_time());
  EXPECT_TRUE(IsAccepted(TipOf("", 39)));
  EXPECT_TRUE(IsAccepted(TipOf("", 1)));
  EXPECT_EQ(RefusalCode(TipOf("", 1)), v1::REJECTION_CODE_SESSION_CAP);
}

TEST_F(TipRules, EveryViolatedRuleIsReportedInOrder) {
  policy_.tip_max_minor = 10;
  policy_.day_limit_minor = 10;
  policy_.month_limit_minor = 10;
  policy_.tiers[0].session_received_max_minor = 10;
  StartGateWithSession();
  v1::PayerFacts facts = AdultFacts();
  facts.set_age_band(v1::AGE_BAND_8_TO_15);
  facts.set_real_name_verified(false);
  PutPayer(facts);
  v1::StreamerFacts streamer = StreamerFactsOf("T1");
  streamer.set_real_name_verified(false);
  PutStreamer(streamer);
  client().Must(CloseSessionOf("close", kSession));
  std::vector<int> codes;
  const v1::TipDecision decision = Decide(TipOf("", 1, 300'002));
  for (const v1::Violation& violation : decision.violations()) {
    codes.push_back(violation.code());
  }
  EXPECT_EQ(codes, (std::vector<int>{
                       v1::REJECTION_CODE_MINOR_BLOCKED, v1::REJECTION_CODE_REAL_NAME_REQUIRED,
                       v1::REJECTION_CODE_STREAMER_UNAVAILABLE, v1::REJECTION_CODE_SESSION_NOT_OPEN,
                       v1::REJECTION_CODE_GIFT_UNKNOWN, v1::REJECTION_CODE_GIFT_PRICE_CAP,
                       v1::REJECTION_CODE_TIP_CAP, v1::REJECTION_CODE_DAY_LIMIT,
                       v1::REJECTION_CODE_MONTH_LIMIT, v1::REJECTION_CODE_SESSION_CAP}));
  EXPECT_EQ(client().Totals().tips_accepted_count(), 0);
}

}  // namespace
}  // namespace tipgate

// SetSelfLimits, confirmations, freezes and cooling-off by hand: what each answers, and how it
// replays.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/server/handlers_fixture.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

class PayerControlHandlers : public HandlersFixture {
 protected:
  v1::Payer GetPayer() {
    v1::GetPayerRequest request;
    request.set_payer_id(1);
    return gate_.Call<v1::GetPayerResponse>(gate_.handlers.get_payer, request).response.payer();
  }

  Called<v1::StartConfirmationResponse> Start(const std::string& key, v1::ConfirmationScope scope) {
    v1::StartConfirmationRequest request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.set_scope(scope);
    return gate_.Call<v1::StartConfirmationResponse>(gate_.handlers.start_confirmation, request);
  }

  Called<v1::CompleteConfirmationResponse> Complete(const std::string& key,
                                                    v1::ConfirmationScope scope,
                                                    const std::string& token) {
    v1::CompleteConfirmationRequest request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.set_scope(scope);
    request.set_token(token);
    request.set_proof_reference("sms-1");
    return gate_.Call<v1::CompleteConfirmationResponse>(gate_.handlers.complete_confirmation,
                                                        request);
  }

  static v1::SetSelfLimitsRequest DayLimit(const std::string& key, int64_t limit_minor) {
    v1::SetSelfLimitsRequest request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.mutable_day_limit()->set_kind(v1::SELF_LIMIT_CHANGE_KIND_SET);
    request.mutable_day_limit()->set_limit_minor(limit_minor);
    return request;
  }

  Called<v1::SetSelfLimitsResponse> Set(const v1::SetSelfLimitsRequest& request) {
    return gate_.Call<v1::SetSelfLimitsResponse>(gate_.handlers.set_self_limits, request);
  }

  std::vector<int> RefusedBy() {
    const v1::Payer payer = GetPayer();
    return {payer.refused_by().begin(), payer.refused_by().end()};
  }

  template <typename Request>
  static Request CaseOf(const std::string& key) {
    Request request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.set_case_reference("case a");
    return request;
  }

  Called<v1::FreezePayerResponse> Freeze(const std::string& key) {
    return gate_.Call<v1::FreezePayerResponse>(gate_.handlers.freeze_payer,
                                               CaseOf<v1::FreezePayerRequest>(key));
  }

  Called<v1::UnfreezePayerResponse> Unfreeze(const std::string& key) {
    return gate_.Call<v1::UnfreezePayerResponse>(gate_.handlers.unfreeze_payer,
                                                 CaseOf<v1::UnfreezePayerRequest>(key));
  }

  Called<v1::StartCoolingOffResponse> CoolOff(const std::string& key, int64_t seconds) {
    v1::StartCoolingOffRequest request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.mutable_duration()->set_seconds(seconds);
    return gate_.Call<v1::StartCoolingOffResponse>(gate_.handlers.start_cooling_off, request);
  }
};

TEST_F(PayerControlHandlers, ATokenIsRandomAndARepeatGetsTheFirstOne) {
  const auto first = Start("a", v1::CONFIRMATION_SCOPE_DAY_GATE);
  EXPECT_THAT(first.response.token(), ::testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(first.response.attempts_left(), 5);
  EXPECT_EQ(first.response.expire_time().seconds(), gate_.clock.now_ms() / 1000 + 300);
  EXPECT_EQ(Start("a", v1::CONFIRMATION_SCOPE_DAY_GATE).bytes, first.bytes);
  EXPECT_NE(Start("b", v1::CONFIRMATION_SCOPE_DAY_GATE).response.token(), first.response.token());
  EXPECT_EQ(Start("a", v1::CONFIRMATION_SCOPE_MONTH_GATE).reason(), ErrorReason::kKeyReused);
}

TEST_F(PayerControlHandlers, ARefusedTokenTellsWhyAndHowOftenItMayBeTried) {
  constexpr auto kScope = v1::CONFIRMATION_SCOPE_DAY_GATE;
  const auto none = Complete("a", kScope, "guess").response;
  EXPECT_EQ(none.outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(none.refusal(), v1::CONFIRMATION_REFUSAL_NOT_STARTED);
  const std::string token = Start("s", kScope).response.token();
  const auto wrong = Complete("b", kScope, "guess");
  EXPECT_EQ(wrong.response.refusal(), v1::CONFIRMATION_REFUSAL_WRONG_TOKEN);
  EXPECT_EQ(wrong.response.attempts_left(), 4);
  EXPECT_EQ(Complete("b", kScope, "guess").bytes, wrong.bytes);
  EXPECT_EQ(Complete("b", kScope, token).reason(), ErrorReason::kKeyReused);
  const auto right = Complete("c", kScope, token);
  EXPECT_EQ(right.response.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(right.response.refusal(), v1::CONFIRMATION_REFUSAL_UNSPECIFIED);
  EXPECT_EQ(Complete("c", kScope, token).bytes, right.bytes);
  EXPECT_EQ(Complete("d", kScope, token).response.refusal(), v1::CONFIRMATION_REFUSAL_NOT_STARTED);
}

TEST_F(PayerControlHandlers, B2AndB3SelfLimitsLowerAtOnceAndRiseLater) {
  const auto lowered = Set(DayLimit("a", 50'000));
  EXPECT_EQ(lowered.response.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(lowered.response.self_limits().day_limit().limit_minor(), 50'000);
  EXPECT_EQ(Set(DayLimit("a", 50'000)).bytes, lowered.bytes);
  EXPECT_EQ(Set(DayLimit("a", 50'001)).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(GetPayer().tip_day().limit_minor(), 50'000);
  EXPECT_EQ(GetPayer().tip_day().origin(), v1::LIMIT_ORIGIN_SELF);

  const auto refused = Set(DayLimit("b", 60'000)).response;
  EXPECT_EQ(refused.outcome(), v1::OUTCOME_REJECTED);
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_CONFIRMATION_REQUIRED);
  EXPECT_EQ(refused.self_limits().day_limit().limit_minor(), 50'000);

  constexpr auto kScope = v1::CONFIRMATION_SCOPE_SELF_LIMITS;
  const std::string token = Start("s", kScope).response.token();
  Complete("c", kScope, token);
  v1::SetSelfLimitsRequest raise = DayLimit("d", 60'000);
  raise.set_confirmation_token(token);
  EXPECT_EQ(Set(raise).response.outcome(), v1::OUTCOME_ACCEPTED);
  const v1::SelfLimit waiting = GetPayer().self_limits().day_limit();
  EXPECT_EQ(waiting.limit_minor(), 50'000);
  EXPECT_EQ(waiting.raised_limit_minor(), 60'000);
  EXPECT_EQ(waiting.raise_time().seconds(), gate_.clock.now_ms() / 1000 + 86'400);
  gate_.clock.Advance(absl::Hours(24));
  EXPECT_EQ(GetPayer().tip_day().limit_minor(), 60'000);
  EXPECT_FALSE(GetPayer().self_limits().day_limit().has_raise_time());
  raise.set_idempotency_key("e");
  raise.mutable_day_limit()->set_limit_minor(70'000);
  EXPECT_EQ(Set(raise).response.outcome(), v1::OUTCOME_REJECTED);  // the token is used up
}

TEST_F(PayerControlHandlers, WithoutLimitsOfTheirOwnAPayerShowsNone) {
  EXPECT_FALSE(GetPayer().has_self_limits());
  EXPECT_FALSE(GetPayer().has_day_gate());
  EXPECT_EQ(GetPayer().freezes_size(), 0);
  EXPECT_FALSE(GetPayer().has_cooling_off_end_time());
  EXPECT_EQ(GetPayer().tip_max().limit_minor(), 500'000);
  EXPECT_EQ(GetPayer().tip_max().origin(), v1::LIMIT_ORIGIN_POLICY);
}

TEST_F(PayerControlHandlers, B1APayerShowsTheSmallestLimitAndItsOrigin) {
  v1::PutPayerRequest request;
  request.set_idempotency_key("p");
  request.set_payer_id(1);
  request.mutable_facts()->set_real_name_verified(true);
  request.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  request.mutable_facts()->mutable_guardian_limits()->set_tip_max_minor(7);
  request.mutable_facts()->mutable_risk_limits()->set_month_limit_minor(8);
  const auto put = gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request);
  EXPECT_EQ(put.response.facts().guardian_limits().tip_max_minor(), 7);
  EXPECT_EQ(gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request).bytes, put.bytes);
  EXPECT_EQ(GetPayer().tip_max().limit_minor(), 7);
  EXPECT_EQ(GetPayer().tip_max().origin(), v1::LIMIT_ORIGIN_GUARDIAN);
  EXPECT_EQ(GetPayer().tip_month().limit_minor(), 8);
  EXPECT_EQ(GetPayer().tip_month().origin(), v1::LIMIT_ORIGIN_RISK);
  request.mutable_facts()->mutable_risk_limits()->set_month_limit_minor(9);
  EXPECT_EQ(gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request).reason(),
            ErrorReason::kKeyReused);
  request.set_idempotency_key("q");
  request.mutable_facts()->set_tier("P1");
  EXPECT_EQ(gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request).error->field,
            "facts.tier");
}

TEST_F(PayerControlHandlers, APayerShowsTheGates) {
  Policy policy = SamplePolicy();
  policy.confirmation = {.day_permille = 500, .month_permille = 100};
  gate_.RunOwn(PolicyCommand{.policy = std::make_shared<const Policy>(policy)});
  EXPECT_EQ(GetPayer().day_gate().threshold_minor(), 1'000'000);
  EXPECT_EQ(GetPayer().month_gate().threshold_minor(), 1'000'000);
  EXPECT_FALSE(GetPayer().day_gate().passed());
  constexpr auto kScope = v1::CONFIRMATION_SCOPE_DAY_GATE;
  Complete("c", kScope, Start("s", kScope).response.token());
  EXPECT_TRUE(GetPayer().day_gate().passed());
  EXPECT_FALSE(GetPayer().month_gate().passed());
  gate_.clock.Advance(absl::Hours(4));  // midnight
  EXPECT_FALSE(GetPayer().day_gate().passed());
}

TEST_F(PayerControlHandlers, A2CallsOfStaffNeedAnIdentity) {
  EXPECT_EQ(Freeze("a").reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Unfreeze("b").reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(CoolOff("c", 60).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(gate_.stats().unauthenticated_calls.value(), 3);
  EXPECT_EQ(GetPayer().freezes_size(), 0);
}

TEST_F(PayerControlHandlers, A1AFreezeEndsWhenTwoPeopleAgree) {
  gate_.identity = "ann";
  const auto frozen = Freeze("a");
  EXPECT_EQ(frozen.response.freeze().case_reference(), "case a");
  EXPECT_EQ(Freeze("a").bytes, frozen.bytes);
  EXPECT_EQ(Tip("t").response.decision().violations(0).code(), v1::REJECTION_CODE_PAYER_FROZEN);
  const auto agreed = Unfreeze("b");
  EXPECT_TRUE(agreed.response.frozen());
  EXPECT_EQ(agreed.response.unfreeze_approver(), "ann");
  EXPECT_EQ(GetPayer().freezes(0).case_reference(), "case a");
  EXPECT_EQ(GetPayer().freezes(0).unfreeze_approver(), "ann");
  EXPECT_EQ(RefusedBy(), std::vector<int>{v1::REJECTION_CODE_PAYER_FROZEN});
  EXPECT_EQ(Unfreeze("c").reason(), ErrorReason::kWrongState);
  gate_.identity = "bob";
  EXPECT_EQ(Unfreeze("b").reason(), ErrorReason::kKeyReused);  // Ann's key
  EXPECT_FALSE(Unfreeze("d").response.frozen());
  EXPECT_EQ(GetPayer().freezes_size(), 0);
  EXPECT_TRUE(RefusedBy().empty());
  EXPECT_EQ(Tip("u").response.decision().outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(PayerControlHandlers, O3ACoolingOffByHandIsNeverShortened) {
  gate_.identity = "ann";
  const auto first = CoolOff("a", 3'600);
  EXPECT_EQ(CoolOff("a", 3'600).bytes, first.bytes);
  EXPECT_EQ(CoolOff("a", 3'601).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(CoolOff("b", 60).response.cooling_off_end_time().seconds(),
            first.response.cooling_off_end_time().seconds());
  EXPECT_EQ(GetPayer().cooling_off_end_time().seconds(),
            first.response.cooling_off_end_time().seconds());
  const auto refused = Tip("t").response.decision();
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_COOLING_OFF);
  gate_.clock.Advance(absl::Hours(1));
  EXPECT_FALSE(GetPayer().has_cooling_off_end_time());
}

TEST_F(PayerControlHandlers, ATipTellsTheCoolingOffThatItBegins) {
  Policy policy = SamplePolicy();
  policy.cooling_off.single_min = Money(20'000);
  policy.cooling_off.duration_ms = 60'000;
  gate_.RunOwn(PolicyCommand{.policy = std::make_shared<const Policy>(policy)});
  EXPECT_FALSE(Tip("a").response.decision().has_cooling_off_end_time());
  const auto tip = Tip("b", 2);
  EXPECT_EQ(tip.response.decision().cooling_off_end_time().seconds(),
            gate_.clock.now_ms() / 1000 + 60);
  EXPECT_EQ(Tip("b", 2).bytes, tip.bytes);
}

}  // namespace
}  // namespace tipgate

// What holds one payer back, on the real server: freezes, cooling-off, confirmations, their own
// limits; and who may order what.

#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/stopped_clock_test.h"

namespace tipgate {
namespace {

constexpr int64_t kSecondMs = 1'000;
constexpr int64_t kDayMs = 86'400 * kSecondMs;

class PayerControls : public StoppedClockTest {
 protected:
  v1::TipDecision Decide(int32_t count) { return client().Tip(TipOf(NewKey(), count)); }
  bool IsAccepted(int32_t count) { return Decide(count).outcome() == v1::OUTCOME_ACCEPTED; }
  int RefusalCode(int32_t count) {
    const v1::TipDecision decision = Decide(count);
    return decision.violations_size() == 1 ? decision.violations(0).code() : -1;
  }
  v1::Payer GetPayer() {
    v1::GetPayerRequest request;
    request.set_payer_id(kPayer);
    return client().Must(request).payer();
  }

  template <typename Request>
  Request Of(const std::string& key) {
    Request request;
    request.set_idempotency_key(key);
    request.set_payer_id(kPayer);
    return request;
  }
  v1::FreezePayerRequest FreezeOf(const std::string& key) {
    auto request = Of<v1::FreezePayerRequest>(key);
    request.set_case_reference("case-1");
    return request;
  }
  v1::UnfreezePayerRequest UnfreezeOf(const std::string& key) {
    auto request = Of<v1::UnfreezePayerRequest>(key);
    request.set_case_reference("case-1");
    return request;
  }
  v1::StartCoolingOffRequest CoolOffOf(const std::string& key, int64_t seconds) {
    auto request = Of<v1::StartCoolingOffRequest>(key);
    request.mutable_duration()->set_seconds(seconds);
    return request;
  }
  std::string Start(v1::ConfirmationScope scope) {
    auto request = Of<v1::StartConfirmationRequest>(NewKey());
    request.set_scope(scope);
    return client().Must(request).token();
  }
  v1::CompleteConfirmationResponse Complete(v1::ConfirmationScope scope, const std::string& token) {
    auto request = Of<v1::CompleteConfirmationRequest>(NewKey());
    request.set_scope(scope);
    request.set_token(token);
    request.set_proof_reference("sms-1");
    return client().Must(request);
  }
  v1::SetSelfLimitsResponse SetDayLimit(v1::SelfLimitChangeKind kind, int64_t limit_minor,
                                        const std::string& token = "") {
    auto request = Of<v1::SetSelfLimitsRequest>(NewKey());
    request.mutable_day_limit()->set_kind(kind);
    if (kind == v1::SELF_LIMIT_CHANGE_KIND_SET) {
      request.mutable_day_limit()->set_limit_minor(limit_minor);
    }
    request.set_confirmation_token(token);
    return client().Must(request);
  }
};

TEST_F(PayerControls, A2CallsOfStaffAreDeniedByDefault) {
  StartGateWithSession();
  const auto is_denied =
      FailsWith(grpc::StatusCode::UNAUTHENTICATED, v1::ERROR_REASON_UNAUTHENTICATED, "");
  for (const std::string identity : {"", "ann"}) {  // nobody's word is taken
    client().set_identity(identity);
    EXPECT_THAT(client().Try(FreezeOf("a")), is_denied);
    EXPECT_THAT(client().Try(UnfreezeOf("b")), is_denied);
    EXPECT_THAT(client().Try(CoolOffOf("c", 60)), is_denied);
    EXPECT_THAT(client().Try(v1::FreezePayerRequest()), is_denied);  // before all else
  }
  EXPECT_TRUE(IsAccepted(1));
}

TEST_F(PayerControls, A2DevelopmentIdentitiesAreTakenOnlyIfWellFormed) {
  more_config_ = "development_identities: true\n";
  StartGateWithSession();
  const auto is_denied =
      FailsWith(grpc::StatusCode::UNAUTHENTICATED, v1::ERROR_REASON_UNAUTHENTICATED, "");
  EXPECT_THAT(client().Try(FreezeOf("a")), is_denied);
  for (const std::string& identity : {std::string("ann smith"), std::string(33, 'a')}) {
    client().set_identity(identity);
    EXPECT_THAT(client().Try(FreezeOf("a")), is_denied);
  }
  client().set_identity("ann");
  EXPECT_EQ(client().Must(FreezeOf("a")).freeze().case_reference(), "case-1");
}

TEST_F(PayerControls, T5AndA1AFreezeEndsWhenTwoPeopleAgree) {
  StartStopped();
  client().set_identity("ann");
  const v1::FreezePayerResponse frozen = client().Must(FreezeOf("a"));
  EXPECT_EQ(client().Must(FreezeOf("a")).SerializeAsString(), frozen.SerializeAsString());
  EXPECT_EQ(RefusalCode(1), v1::REJECTION_CODE_PAYER_FROZEN);
  EXPECT_EQ(client().Must(RechargeOf("r", 1)).decision().violations(0).code(),
            v1::REJECTION_CODE_PAYER_FROZEN);
  EXPECT_TRUE(client().Must(UnfreezeOf("b")).frozen());
  EXPECT_THAT(client().Try(UnfreezeOf("c")), FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                                       v1::ERROR_REASON_WRONG_STATE, "payer_id"));
  gate().Kill();
  StartGate();
  EXPECT_EQ(GetPayer().freezes(0).case_reference(), "case-1");
  EXPECT_EQ(GetPayer().freezes(0).unfreeze_approver(), "ann");
  EXPECT_EQ(RefusalCode(1), v1::REJECTION_CODE_PAYER_FROZEN);
  client().set_identity("bob");
  EXPECT_THAT(
      client().Try(UnfreezeOf("b")),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  EXPECT_FALSE(client().Must(UnfreezeOf("d")).frozen());
  EXPECT_TRUE(IsAccepted(1));
  EXPECT_THAT(client().Try(UnfreezeOf("e")), FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                                       v1::ERROR_REASON_WRONG_STATE, "payer_id"));
  EventWatch watch(client());
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_PAYER_FROZEN).identity(), "ann");
  const v1::Event unfrozen = watch.Await(v1::EVENT_KIND_PAYER_UNFROZEN);
  EXPECT_EQ(unfrozen.identity(), "bob");
  EXPECT_EQ(unfrozen.case_reference(), "case-1");
  ExpectProved();
}

TEST_F(PayerControls, T15AndO1CoolsOffAfterALargeTipToTheMillisecond) {
  policy_.more = "cooling_off: {single_min_minor: 500, duration: 5m}\n";
  StartStopped();
  EXPECT_TRUE(IsAccepted(499));
  const v1::TipDecision tip = Decide(500);
  EXPECT_EQ(tip.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(tip.amount_max_minor(), 0);
  EXPECT_EQ(absl::ToUnixMillis(TimeOf(tip.cooling_off_end_time())), now_ms_ + 300 * kSecondMs);
  EXPECT_EQ(TimeOf(GetPayer().cooling_off_end_time()), TimeOf(tip.cooling_off_end_time()));
  gate().Kill();
  StartGate();
  Advance(300 * kSecondMs - 1);
  const v1::TipDecision refused = Decide(1);
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_COOLING_OFF);
  EXPECT_EQ(TimeOf(refused.retry_time()), TimeOf(tip.cooling_off_end_time()));
  Advance(1);
  EXPECT_TRUE(IsAccepted(1));
  EventWatch watch(client());
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_COOLING_OFF_STARTED).tip_id(), tip.tip_id());
  ExpectProved();
}

TEST_F(PayerControls, T15AndO1AndO2CountsAndSumsATrailingWindow) {
  policy_.more =
      "cooling_off: {window_sum_min_minor: 1000, window_count_min: 3, window: 60s, duration: 1m}\n";
  StartStopped();
  EXPECT_FALSE(Decide(600).has_cooling_off_end_time());
  Advance(60 * kSecondMs);  // the tip is exactly as old as the window: out
  EXPECT_FALSE(Decide(600).has_cooling_off_end_time());
  Advance(60 * kSecondMs - 1);
  EXPECT_TRUE(Decide(400).has_cooling_off_end_time());
  Advance(120 * kSecondMs);
  EXPECT_FALSE(Decide(1).has_cooling_off_end_time());
  EXPECT_FALSE(Decide(1).has_cooling_off_end_time());
  EXPECT_TRUE(Decide(1).has_cooling_off_end_time());
  EXPECT_EQ(RefusalCode(1), v1::REJECTION_CODE_COOLING_OFF);
  ExpectProved();
}

TEST_F(PayerControls, T15AndO3StaffLetAPayerCoolOff) {
  StartStopped();
  client().set_identity("ann");
  const v1::StartCoolingOffResponse response = client().Must(CoolOffOf("a", 3'600));
  EXPECT_EQ(client().Must(CoolOffOf("a", 3'600)).SerializeAsString(), response.SerializeAsString());
  EXPECT_EQ(TimeOf(client().Must(CoolOffOf("b", 60)).cooling_off_end_time()),
            TimeOf(response.cooling_off_end_time()));
  EXPECT_EQ(RefusalCode(1), v1::REJECTION_CODE_COOLING_OFF);
  for (const int64_t seconds : {int64_t{0}, 30 * kDayMs / kSecondMs + 1}) {
    EXPECT_THAT(client().Try(CoolOffOf("c", seconds)), NamesInvalidField("duration"));
  }
  auto nobody = CoolOffOf("d", 60);
  nobody.set_payer_id(999);
  EXPECT_THAT(client().Try(nobody),
              FailsWith(grpc::StatusCode::NOT_FOUND, v1::ERROR_REASON_NOT_FOUND, "payer_id"));
  Advance(3'600 * kSecondMs);
  EXPECT_TRUE(IsAccepted(1));
}

TEST_F(PayerControls, T18AndK1AndK2APayerConfirmsToGoOnAndTheNextDayAgain) {
  policy_.day_limit_minor = 1'000;
  policy_.month_limit_minor = 100'000;
  policy_.more = "confirmation: {day_permille: 500}\n";
  constexpr auto kScope = v1::CONFIRMATION_SCOPE_DAY_GATE;
  StartStopped();
  EXPECT_TRUE(IsAccepted(499));
  const v1::TipDecision refused = Decide(1);
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_CONFIRMATION_REQUIRED);
  EXPECT_EQ(refused.violations(0).period(), v1::PERIOD_DAY);
  EXPECT_EQ(refused.violations(0).limit_minor(), 500);
  EXPECT_EQ(refused.violations(0).used_minor(), 499);
  EXPECT_EQ(GetPayer().day_gate().threshold_minor(), 500);
  EXPECT_FALSE(GetPayer().has_month_gate());

  const std::string token = Start(kScope);
  EXPECT_EQ(Complete(kScope, "guess").refusal(), v1::CONFIRMATION_REFUSAL_WRONG_TOKEN);
  EXPECT_EQ(Complete(v1::CONFIRMATION_SCOPE_MONTH_GATE, token).refusal(),
            v1::CONFIRMATION_REFUSAL_NOT_STARTED);
  gate().Kill();
  StartGate();
  EXPECT_EQ(Complete(kScope, token).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_TRUE(GetPayer().day_gate().passed());
  EXPECT_TRUE(IsAccepted(501));
  EXPECT_EQ(RefusalCode(1), v1::REJECTION_CODE_DAY_LIMIT);

  Advance(kDayMs);
  EXPECT_FALSE(GetPayer().day_gate().passed());
  EXPECT_EQ(RefusalCode(500), v1::REJECTION_CODE_CONFIRMATION_REQUIRED);
  EXPECT_EQ(Complete(kScope, token).refusal(), v1::CONFIRMATION_REFUSAL_NOT_STARTED);
  EventWatch watch(client());
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_CONFIRMED).confirmation_scope(), kScope);
  ExpectProved();
}

TEST_F(PayerControls, T18AndK4ATokenLastsFiveMinutesAndFiveAttempts) {
  policy_.more = "confirmation: {month_permille: 1}\n";
  constexpr auto kScope = v1::CONFIRMATION_SCOPE_MONTH_GATE;
  StartStopped();
  std::string token = Start(kScope);
  Advance(300 * kSecondMs);
  EXPECT_EQ(Complete(kScope, token).refusal(), v1::CONFIRMATION_REFUSAL_EXPIRED);
  token = Start(kScope);
  for (int left = 4; left >= 0; --left) EXPECT_EQ(Complete(kScope, "no").attempts_left(), left);
  EXPECT_EQ(Complete(kScope, token).refusal(), v1::CONFIRMATION_REFUSAL_NOT_STARTED);
  const std::string replaced = Start(kScope);
  token = Start(kScope);
  EXPECT_EQ(Complete(kScope, replaced).refusal(), v1::CONFIRMATION_REFUSAL_WRONG_TOKEN);
  Advance(300 * kSecondMs - 1);
  EXPECT_EQ(Complete(kScope, token).outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(PayerControls, ATokenIsInNoEventAndNoLog) {
  StartStopped();
  const std::string token = Start(v1::CONFIRMATION_SCOPE_DAY_GATE);
  Complete(v1::CONFIRMATION_SCOPE_DAY_GATE, token);
  auto malformed = Of<v1::CompleteConfirmationRequest>("m");
  malformed.set_token(token);
  malformed.set_scope(v1::CONFIRMATION_SCOPE_DAY_GATE);
  const grpc::Status status = client().Try(malformed);
  EXPECT_THAT(status, NamesInvalidField("proof_reference"));
  EXPECT_EQ(status.error_message().find(token), std::string::npos);
  EventWatch watch(client());
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_CONFIRMED).SerializeAsString().find(token),
            std::string::npos);
  StopGate();
  EXPECT_EQ(ReadFile(files().log_file()).find(token), std::string::npos);
}

TEST_F(PayerControls, W4AndP3PreferencesHoldOverACrashAndAreTold) {
  policy_.day_limit_minor = 1'000;
  policy_.reminder_permille = "[500, 800]";
  constexpr auto kScope = v1::CONFIRMATION_SCOPE_REMINDERS;
  StartStopped();
  auto request = Of<v1::SetPreferencesRequest>(NewKey());
  request.set_reminders(false);
  request.set_public_display_allowed(true);
  EXPECT_EQ(client().Must(request).outcome(), v1::OUTCOME_REJECTED);
  EXPECT_FALSE(GetPayer().preferences().public_display_allowed());
  const std::string token = Start(kScope);
  EXPECT_EQ(Complete(kScope, token).outcome(), v1::OUTCOME_ACCEPTED);
  request.set_idempotency_key(NewKey());
  request.set_confirmation_token(token);
  const v1::SetPreferencesResponse accepted = client().Must(request);
  EXPECT_EQ(accepted.outcome(), v1::OUTCOME_ACCEPTED);
  gate().Kill();
  StartGate();
  EXPECT_EQ(client().Must(request).SerializeAsString(), accepted.SerializeAsString());
  EXPECT_FALSE(GetPayer().preferences().reminders());
  EXPECT_TRUE(GetPayer().preferences().public_display_allowed());
  EXPECT_EQ(Decide(799).reminders_size(), 0);
  auto on = Of<v1::SetPreferencesRequest>(NewKey());
  on.set_reminders(true);
  EXPECT_EQ(client().Must(on).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(Decide(1).reminders_size(), 1);  // not what was reached meanwhile
  EventWatch watch(client());
  const v1::Event event = watch.Await(v1::EVENT_KIND_PREFERENCES_CHANGED);
  EXPECT_EQ(event.payer_id(), kPayer);
  EXPECT_FALSE(event.preferences().reminders());
  EXPECT_TRUE(event.preferences().public_display_allowed());
  ExpectProved();
}

TEST_F(PayerControls, B2AndB3SelfLimitsLowerAtOnceAndRiseAfterAConfirmationAndTheDelay) {
  policy_.more = "self_limits: {raise_delay: 12h}\n";
  constexpr auto kSet = v1::SELF_LIMIT_CHANGE_KIND_SET;
  constexpr auto kScope = v1::CONFIRMATION_SCOPE_SELF_LIMITS;
  StartStopped();
  EXPECT_EQ(SetDayLimit(kSet, 100).outcome(), v1::OUTCOME_ACCEPTED);
  const v1::TipDecision refused = Decide(101);
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_DAY_LIMIT);
  EXPECT_EQ(refused.violations(0).origin(), v1::LIMIT_ORIGIN_SELF);
  EXPECT_TRUE(IsAccepted(100));

  const v1::SetSelfLimitsResponse unconfirmed = SetDayLimit(kSet, 200);
  EXPECT_EQ(unconfirmed.outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(unconfirmed.violations(0).code(), v1::REJECTION_CODE_CONFIRMATION_REQUIRED);
  std::string token = Start(kScope);
  EXPECT_EQ(SetDayLimit(kSet, 200, token).outcome(), v1::OUTCOME_REJECTED);  // not completed
  EXPECT_EQ(Complete(kScope, token).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(SetDayLimit(kSet, 200, token).self_limits().day_limit().raised_limit_minor(), 200);
  EXPECT_EQ(SetDayLimit(kSet, 300, token).outcome(), v1::OUTCOME_REJECTED);  // used up
  Advance(12 * 3'600 * kSecondMs - 1);
  EXPECT_EQ(GetPayer().self_limits().day_limit().limit_minor(), 100);
  gate().Kill();
  StartGate();
  Advance(1);
  EXPECT_EQ(GetPayer().self_limits().day_limit().limit_minor(), 200);
  EXPECT_EQ(GetPayer().tip_day().limit_minor(), 200);

  token = Start(kScope);
  Complete(kScope, token);
  SetDayLimit(v1::SELF_LIMIT_CHANGE_KIND_REMOVE, 0, token);
  EXPECT_TRUE(GetPayer().self_limits().day_limit().has_raise_time());
  EXPECT_EQ(SetDayLimit(v1::SELF_LIMIT_CHANGE_KIND_WITHDRAW_RAISE, 0).outcome(),
            v1::OUTCOME_ACCEPTED);
  EXPECT_FALSE(GetPayer().self_limits().day_limit().has_raise_time());
  EXPECT_EQ(GetPayer().self_limits().day_limit().limit_minor(), 200);
  ExpectProved();
}

TEST_F(PayerControls, B1TheSmallestLimitHoldsAndNamesItsOrigin) {
  policy_.more = "payer_tiers: [{name: P1, limits: {tip_max_minor: 400}}]\n";
  StartStopped();
  v1::PayerFacts facts = AdultFacts();
  const auto origin = [&] {
    client().Must(PutPayerOf(NewKey(), kPayer, facts));
    const v1::Payer payer = GetPayer();
    const v1::TipDecision refused = Decide(static_cast<int32_t>(payer.tip_max().limit_minor()) + 1);
    EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_TIP_CAP);
    EXPECT_EQ(refused.violations(0).origin(), payer.tip_max().origin());
    return payer.tip_max().origin();
  };
  facts.set_tier("P1");
  EXPECT_EQ(origin(), v1::LIMIT_ORIGIN_PAYER_TIER);
  facts.mutable_risk_limits()->set_tip_max_minor(300);
  EXPECT_EQ(origin(), v1::LIMIT_ORIGIN_RISK);
  facts.mutable_guardian_limits()->set_tip_max_minor(200);
  EXPECT_EQ(origin(), v1::LIMIT_ORIGIN_GUARDIAN);
  facts.set_tier("P9");
  EXPECT_THAT(client().Try(PutPayerOf("x", kPayer, facts)), NamesInvalidField("facts.tier"));
}

}  // namespace
}  // namespace tipgate

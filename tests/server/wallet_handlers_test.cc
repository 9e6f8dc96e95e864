// Balances that the gate keeps, and preferences: what the calls answer, and how they replay.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/server/handlers_fixture.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

class WalletHandlers : public HandlersFixture {
 protected:
  WalletHandlers() { SetWallet(WalletMode::kManaged); }

  void SetWallet(WalletMode mode) {
    auto policy = std::make_shared<Policy>(SamplePolicy());
    policy->wallet = mode;
    policy->tip_life.remorse_ms = 60'000;
    gate_.RunOwn(PolicyCommand{.policy = policy});
  }

  int64_t Captured(const std::string& key, int64_t amount) {
    const int64_t id = Recharge(key, amount).response.decision().recharge_id();
    EXPECT_EQ(Capture(key + " capture", id).response.decision().state(),
              v1::RECHARGE_STATE_CAPTURED);
    return id;
  }
  Called<v1::CheckRechargeResponse> Check(int64_t amount) {
    v1::CheckRechargeRequest request;
    request.mutable_recharge()->set_payer_id(1);
    request.mutable_recharge()->set_amount_minor(amount);
    return gate_.Call<v1::CheckRechargeResponse>(gate_.handlers.check_recharge, request);
  }
  static v1::RefundRechargeRequest RefundOf(const std::string& key, int64_t id, int64_t amount) {
    v1::RefundRechargeRequest request;
    request.set_idempotency_key(key);
    request.set_recharge_id(id);
    request.set_amount_minor(amount);
    request.set_case_reference("case-1");
    request.set_reason("unspent");
    return request;
  }
  Called<v1::RefundRechargeResponse> Refund(const v1::RefundRechargeRequest& request) {
    return gate_.Call<v1::RefundRechargeResponse>(gate_.handlers.refund_recharge, request);
  }
  Called<v1::GetRechargeResponse> GetRecharge(int64_t id) {
    v1::GetRechargeRequest request;
    request.set_recharge_id(id);
    return gate_.Call<v1::GetRechargeResponse>(gate_.handlers.get_recharge, request);
  }
  v1::Payer GetPayer() {
    v1::GetPayerRequest request;
    request.set_payer_id(1);
    return gate_.Call<v1::GetPayerResponse>(gate_.handlers.get_payer, request).response.payer();
  }
};

TEST_F(WalletHandlers, T20TipsTellTheBalanceAndAreRefusedAboveIt) {
  Captured("r", 25'000);
  const v1::TipDecision first = Tip("a").response.decision();
  EXPECT_EQ(first.balance_minor(), 15'000);
  EXPECT_EQ(first.amount_max_minor(), 15'000);
  const v1::TipDecision refused = Tip("b", 2).response.decision();
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_INSUFFICIENT_BALANCE);
  EXPECT_EQ(refused.violations(0).limit_minor(), 15'000);
  EXPECT_EQ(refused.violations(0).origin(), v1::LIMIT_ORIGIN_UNSPECIFIED);
  EXPECT_EQ(refused.balance_minor(), 15'000);
  EXPECT_EQ(GetPayer().balance_minor(), 15'000);
  EXPECT_EQ(GetPayer().recharge_max().limit_minor(), 500'000);
  EXPECT_EQ(GetPayer().recharge_max().origin(), v1::LIMIT_ORIGIN_POLICY);
  EXPECT_TRUE(GetTip("a").response.tip().paid_from_balance());
}

TEST_F(WalletHandlers, T20NothingIsToldWhereThePlatformKeepsBalances) {
  SetWallet(WalletMode::kExternal);
  Captured("r", 25'000);
  EXPECT_FALSE(Tip("a").response.decision().has_balance_minor());
  EXPECT_FALSE(GetPayer().has_balance_minor());
  EXPECT_FALSE(GetTip("a").response.tip().paid_from_balance());
  EXPECT_FALSE(Check(1).response.decision().has_balance_minor());
}

TEST_F(WalletHandlers, R16AVoidTellsWhatGoesBackToTheBalance) {
  Captured("r", 25'000);
  v1::VoidTipRequest request;
  request.set_idempotency_key("v");
  request.set_tip_id(Tip("a").response.decision().tip_id());
  const auto voided = gate_.Call<v1::VoidTipResponse>(gate_.handlers.void_tip, request);
  EXPECT_EQ(voided.response.change().to_balance_minor(), 10'000);
  EXPECT_EQ(GetPayer().balance_minor(), 25'000);
}

TEST_F(WalletHandlers, R8ACheckOfARechargeCountsNothingAndNeedsNoKey) {
  const v1::RechargeDecision decision = Check(500'000).response.decision();
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(decision.recharge_id(), 0);
  EXPECT_EQ(decision.amount_max_minor(), 500'000);
  EXPECT_EQ(decision.day_total_minor(), 500'000);
  EXPECT_EQ(GetPayer().recharge_day().used_minor(), 0);
  const v1::RechargeDecision refused = Check(500'001).response.decision();
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_RECHARGE_CAP);
}

TEST_F(WalletHandlers, ACheckNamesTheFieldThatIsWrong) {
  EXPECT_EQ(Check(0).error->field, "recharge.amount_minor");
  const v1::CheckRechargeRequest empty;
  EXPECT_EQ(
      gate_.Call<v1::CheckRechargeResponse>(gate_.handlers.check_recharge, empty).error->field,
      "recharge");
}

TEST_F(WalletHandlers, R15ARefundIsForPeopleAndReplaysForThem) {
  const int64_t id = Captured("r", 25'000);
  EXPECT_EQ(Refund(RefundOf("f", id, 1)).reason(), ErrorReason::kUnauthenticated);
  gate_.identity = "ann";
  const auto refunded = Refund(RefundOf("f", id, 5'000));
  EXPECT_EQ(refunded.response.amount_minor(), 5'000);
  EXPECT_EQ(refunded.response.balance_minor(), 20'000);
  EXPECT_EQ(refunded.response.recharge().refunded_minor(), 5'000);
  EXPECT_TRUE(refunded.response.recharge().in_balance());
  EXPECT_EQ(Refund(RefundOf("f", id, 5'000)).bytes, refunded.bytes);
  EXPECT_EQ(Refund(RefundOf("f", id, 5'001)).reason(), ErrorReason::kKeyReused);
  gate_.identity = "bob";
  EXPECT_EQ(Refund(RefundOf("f", id, 5'000)).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(Refund(RefundOf("g", id, 20'001)).error->field, "amount_minor");
  EXPECT_EQ(Refund(RefundOf("h", id + 1, 1)).reason(), ErrorReason::kNotFound);
}

TEST_F(WalletHandlers, R15ARefundNamesTheFieldThatIsWrong) {
  gate_.identity = "ann";
  const auto field_of = [&](const v1::RefundRechargeRequest& request) {
    return Refund(request).error->field;
  };
  EXPECT_EQ(field_of(RefundOf("", 1, 1)), "idempotency_key");
  EXPECT_EQ(field_of(RefundOf("k", 0, 1)), "recharge_id");
  EXPECT_EQ(field_of(RefundOf("k", 1, 0)), "amount_minor");
  EXPECT_EQ(field_of(RefundOf("k", 1, 100'000'000'000'001)), "amount_minor");
  v1::RefundRechargeRequest request = RefundOf("k", 1, 1);
  request.clear_case_reference();
  EXPECT_EQ(field_of(request), "case_reference");
  request = RefundOf("k", 1, 1);
  request.clear_reason();
  EXPECT_EQ(field_of(request), "reason");
}

TEST_F(WalletHandlers, ARechargeIsShownAsItIsNow) {
  const int64_t held = Recharge("h", 700).response.decision().recharge_id();
  EXPECT_EQ(GetRecharge(held).response.recharge().state(), v1::RECHARGE_STATE_HELD);
  EXPECT_FALSE(GetRecharge(held).response.recharge().has_close_time());
  ASSERT_FALSE(Void("v", held).error.has_value());
  EXPECT_EQ(GetRecharge(held).response.recharge().state(), v1::RECHARGE_STATE_VOIDED);
  EXPECT_TRUE(GetRecharge(held).response.recharge().has_close_time());
  const v1::Recharge captured = GetRecharge(Captured("r", 900)).response.recharge();
  EXPECT_EQ(captured.amount_minor(), 900);
  EXPECT_EQ(captured.payer_id(), 1);
  EXPECT_TRUE(captured.in_balance());
  EXPECT_EQ(GetRecharge(held + 1'000'000).reason(), ErrorReason::kNotFound);
  EXPECT_EQ(GetRecharge(0).error->field, "recharge_id");
}

class PreferencesHandlers : public WalletHandlers {
 protected:
  Called<v1::SetPreferencesResponse> Set(const v1::SetPreferencesRequest& request) {
    return gate_.Call<v1::SetPreferencesResponse>(gate_.handlers.set_preferences, request);
  }
  static v1::SetPreferencesRequest RemindersOff(const std::string& key, const std::string& token) {
    v1::SetPreferencesRequest request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.set_reminders(false);
    request.set_confirmation_token(token);
    return request;
  }
  std::string ConfirmedToken() {
    v1::StartConfirmationRequest start;
    start.set_idempotency_key("start");
    start.set_payer_id(1);
    start.set_scope(v1::CONFIRMATION_SCOPE_REMINDERS);
    const std::string token =
        gate_.Call<v1::StartConfirmationResponse>(gate_.handlers.start_confirmation, start)
            .response.token();
    v1::CompleteConfirmationRequest complete;
    complete.set_idempotency_key("complete");
    complete.set_payer_id(1);
    complete.set_scope(v1::CONFIRMATION_SCOPE_REMINDERS);
    complete.set_token(token);
    complete.set_proof_reference("sms-1");
    gate_.Call<v1::CompleteConfirmationResponse>(gate_.handlers.complete_confirmation, complete);
    return token;
  }
};

TEST_F(PreferencesHandlers, W4AndP3DefaultsHoldUntilThePayerSaysOtherwise) {
  EXPECT_TRUE(GetPayer().preferences().reminders());
  EXPECT_FALSE(GetPayer().preferences().public_display_allowed());
  const auto refused = Set(RemindersOff("a", ""));
  EXPECT_EQ(refused.response.outcome(), v1::OUTCOME_REJECTED);
  ASSERT_EQ(refused.response.violations_size(), 1);
  EXPECT_EQ(refused.response.violations(0).code(), v1::REJECTION_CODE_CONFIRMATION_REQUIRED);
  EXPECT_TRUE(refused.response.preferences().reminders());
  const std::string token = ConfirmedToken();
  v1::SetPreferencesRequest request = RemindersOff("b", token);
  request.set_public_display_allowed(true);
  const auto accepted = Set(request);
  EXPECT_EQ(accepted.response.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(Set(request).bytes, accepted.bytes);
  request.set_public_display_allowed(false);
  EXPECT_EQ(Set(request).reason(), ErrorReason::kKeyReused);
  EXPECT_FALSE(GetPayer().preferences().reminders());
  EXPECT_TRUE(GetPayer().preferences().public_display_allowed());
}

TEST_F(PreferencesHandlers, OneOfThemMustBeThere) {
  v1::SetPreferencesRequest request;
  request.set_idempotency_key("a");
  request.set_payer_id(1);
  EXPECT_EQ(Set(request).error->field, "reminders");
  request.set_public_display_allowed(true);
  request.set_payer_id(0);
  EXPECT_EQ(Set(request).error->field, "payer_id");
  request.set_payer_id(1);
  request.set_confirmation_token(std::string(33, 'a'));
  EXPECT_EQ(Set(request).error->field, "confirmation_token");
  request.set_confirmation_token("");
  request.set_payer_id(99);
  EXPECT_EQ(Set(request).reason(), ErrorReason::kNotFound);
}

}  // namespace
}  // namespace tipgate

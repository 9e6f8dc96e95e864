// Balances that the gate keeps, on the real server.

#include <algorithm>
#include <string>

#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/stopped_clock_test.h"

namespace tipgate {
namespace {

constexpr int64_t kDayMs = 86'400'000;

class Wallet : public StoppedClockTest {
 protected:
  void StartStopped() {
    policy_.more = "wallet: managed\n";
    more_config_ = "checkpoint_interval: 10ms\n";
    StoppedClockTest::StartStopped(/*days_ago=*/21);
    client().set_identity("ann");
  }
  void AdvanceDays(int days) {
    for (int day = 0; day < days; ++day) {
      Advance(kDayMs);
      client().Must(CheckOf(1));
    }
  }
  v1::CheckRechargeRequest CheckOf(int64_t amount_minor) {
    v1::CheckRechargeRequest request;
    *request.mutable_recharge() = RechargeOf("", amount_minor);
    return request;
  }
  int64_t Captured(int64_t amount_minor) {
    const int64_t id = client().Must(RechargeOf(NewKey(), amount_minor)).decision().recharge_id();
    EXPECT_EQ(client().Must(CaptureOf(NewKey(), id)).decision().state(),
              v1::RECHARGE_STATE_CAPTURED);
    return id;
  }
  v1::RefundRechargeRequest RefundOf(int64_t id, int64_t amount_minor) {
    v1::RefundRechargeRequest request;
    request.set_idempotency_key(NewKey());
    request.set_recharge_id(id);
    request.set_amount_minor(amount_minor);
    request.set_case_reference("case-1");
    request.set_reason("unspent");
    return request;
  }
  int64_t Balance() {
    v1::GetPayerRequest request;
    request.set_payer_id(kPayer);
    return client().Must(request).payer().balance_minor();
  }
};

TEST_F(Wallet, T20AndR16TipsSpendTheBalanceAndRefundsFillItOverACrash) {
  StartStopped();
  Captured(100);
  const v1::TipDecision first = client().Tip(TipOf(NewKey(), 60));
  EXPECT_EQ(first.balance_minor(), 40);
  EXPECT_EQ(first.count_max(), 40);
  const v1::TipDecision refused = client().Tip(TipOf(NewKey(), 41));
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_INSUFFICIENT_BALANCE);
  EXPECT_EQ(client().Tip(TipOf(NewKey(), 40)).balance_minor(), 0);
  gate().Kill();
  StartGate();
  client().set_identity("ann");
  EXPECT_EQ(Balance(), 0);
  v1::RefundTipRequest refund;
  refund.set_idempotency_key(NewKey());
  refund.set_tip_id(first.tip_id());
  refund.set_amount_minor(25);
  refund.set_case_reference("case-1");
  refund.set_reason("a mistake");
  EXPECT_EQ(client().Must(refund).change().to_balance_minor(), 25);
  EXPECT_EQ(client().Tip(TipOf(NewKey(), 25)).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(client().Tip(TipOf(NewKey(), 1)).outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(client().Totals().balances_minor(), 0);
  ExpectProved();
}

TEST_F(Wallet, R14AndR15WhatIsUnspentIsRefundedAlsoWeeksLater) {
  StartStopped();
  const int64_t id = Captured(100);
  client().Tip(TipOf(NewKey(), 30));
  AdvanceDays(9);  // it has left the memory
  gate().Kill();
  StartGate();
  client().set_identity("ann");
  v1::GetRechargeRequest look;
  look.set_recharge_id(id);
  EXPECT_TRUE(client().Must(look).recharge().in_balance());
  EXPECT_THAT(client().Try(RefundOf(id, 71)),
              FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE,
                        "amount_minor"));
  const v1::RefundRechargeRequest request = RefundOf(id, 70);
  const v1::RefundRechargeResponse response = client().Must(request);
  EXPECT_EQ(response.balance_minor(), 0);
  EXPECT_EQ(response.recharge().refunded_minor(), 70);
  gate().Kill();
  StartGate();
  client().set_identity("ann");
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_EQ(client().Must(look).recharge().refunded_minor(), 70);
  EXPECT_EQ(client().Totals().recharge_refunded_minor(), 70);
  ExpectProved();
}

}  // namespace
}  // namespace tipgate

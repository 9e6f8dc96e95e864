// RechargeService: each call, each state, each cap at its edge.

#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

class RechargeCall : public GateTest {
 protected:
  v1::RechargeDecision Authorize(const v1::AuthorizeRechargeRequest& request) {
    return client().Must(request).decision();
  }
  v1::RechargeDecision Authorize(int64_t amount_minor) {
    return Authorize(RechargeOf(client().NewKey(), amount_minor));
  }
  // The one rule that refuses this amount.
  v1::Violation Refusal(int64_t amount_minor) {
    const v1::RechargeDecision decision = Authorize(amount_minor);
    EXPECT_EQ(decision.outcome(), v1::OUTCOME_REJECTED);
    EXPECT_EQ(decision.state(), v1::RECHARGE_STATE_REJECTED);
    EXPECT_EQ(decision.violations_size(), 1);
    return decision.violations_size() == 1 ? decision.violations(0) : v1::Violation();
  }
};

TEST_F(RechargeCall, R10AuthorizeHoldsAndReplays) {
  StartGateWithSession();
  const auto request = RechargeOf("r", 500);
  const v1::AuthorizeRechargeResponse response = client().Must(request);
  const v1::RechargeDecision& decision = response.decision();
  EXPECT_GT(decision.recharge_id(), 0);
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(decision.state(), v1::RECHARGE_STATE_HELD);
  EXPECT_EQ(decision.amount_minor(), 500);
  EXPECT_EQ(decision.day_total_minor(), 500);
  EXPECT_EQ(decision.day_left_minor(), policy_.recharge_day_limit_minor - 500);
  EXPECT_EQ(decision.month_total_minor(), 500);
  EXPECT_EQ(decision.month_left_minor(), policy_.recharge_month_limit_minor - 500);
  EXPECT_EQ(decision.amount_max_minor(), policy_.recharge_day_limit_minor - 500);
  EXPECT_EQ(decision.policy_version(), 1);
  EXPECT_EQ(TimeOf(decision.expire_time()), TimeOf(decision.decide_time()) + absl::Minutes(30));
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_THAT(
      client().Try(RechargeOf("r", 501)),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  EXPECT_EQ(client().Totals().recharge_held_minor(), 500);
}

TEST_F(RechargeCall, CaptureEndsAHold) {
  StartGateWithSession();
  const int64_t id = Authorize(500).recharge_id();
  const auto request = CaptureOf("c", id);
  const v1::CaptureRechargeResponse response = client().Must(request);
  EXPECT_EQ(response.decision().state(), v1::RECHARGE_STATE_CAPTURED);
  EXPECT_EQ(response.decision().recharge_id(), id);
  EXPECT_EQ(response.decision().day_total_minor(), 500);
  EXPECT_FALSE(response.return_money());
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  for (const grpc::Status& status :
       {client().Try(CaptureOf("c2", id)), client().Try(VoidOf("v2", id))}) {
    EXPECT_THAT(status, FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                  v1::ERROR_REASON_WRONG_STATE, "recharge_id"));
  }
  EXPECT_THAT(
      client().Try(CaptureOf("c", id + 1)),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  const v1::Totals totals = client().Totals();
  EXPECT_EQ(totals.recharge_captured_minor(), 500);
  EXPECT_EQ(totals.recharge_held_minor(), 0);
}

TEST_F(RechargeCall, R10VoidGivesTheLimitBack) {
  policy_.recharge_day_limit_minor = 500;
  StartGateWithSession();
  const int64_t id = Authorize(500).recharge_id();
  EXPECT_EQ(Refusal(1).code(), v1::REJECTION_CODE_RECHARGE_DAY_LIMIT);
  const auto request = VoidOf("v", id);
  const v1::VoidRechargeResponse response = client().Must(request);
  EXPECT_EQ(response.decision().state(), v1::RECHARGE_STATE_VOIDED);
  EXPECT_EQ(response.decision().day_total_minor(), 0);
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_THAT(client().Try(CaptureOf("c", id)),
              FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE,
                        "recharge_id"));
  EXPECT_EQ(Authorize(500).outcome(), v1::OUTCOME_ACCEPTED);
  const v1::Totals totals = client().Totals();
  EXPECT_EQ(totals.recharge_authorized_minor(), 1'000);
  EXPECT_EQ(totals.recharge_voided_minor(), 500);
  EXPECT_EQ(totals.recharge_held_minor(), 500);
}

TEST_F(RechargeCall, AnUnknownRechargeIsNotFound) {
  StartGateWithSession();
  const int64_t tip_id = client().Tip(TipOf("t", 1)).tip_id();
  for (const int64_t id : {int64_t{1}, tip_id, INT64_MAX}) {
    EXPECT_EQ(client().Try(CaptureOf(client().NewKey(), id)).error_code(),
              grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(client().Try(VoidOf(client().NewKey(), id)).error_code(),
              grpc::StatusCode::NOT_FOUND);
  }
}

TEST_F(RechargeCall, ARejectedRechargeCannotBeCaptured) {
  policy_.recharge_single_max_minor = 10;
  StartGateWithSession();
  const int64_t id = Authorize(11).recharge_id();
  EXPECT_THAT(client().Try(CaptureOf("c", id)),
              FailsWith(grpc::StatusCode::NOT_FOUND, v1::ERROR_REASON_NOT_FOUND, "recharge_id"));
}

TEST_F(RechargeCall, R7AndR8AndR9CapsHoldAtTheirEdges) {
  policy_.recharge_single_max_minor = 100;
  policy_.recharge_day_limit_minor = 250;
  policy_.recharge_month_limit_minor = 250;
  StartGateWithSession();
  v1::Violation violation = Refusal(101);
  EXPECT_EQ(violation.code(), v1::REJECTION_CODE_RECHARGE_CAP);
  EXPECT_EQ(violation.limit_minor(), 100);
  EXPECT_EQ(violation.requested_minor(), 101);
  EXPECT_EQ(Authorize(100).outcome(), v1::OUTCOME_ACCEPTED);
  const v1::RechargeDecision second = Authorize(99);
  EXPECT_EQ(second.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(second.amount_max_minor(), 51);
  const v1::RechargeDecision third = Authorize(52);
  ASSERT_EQ(third.violations_size(), 2);
  EXPECT_EQ(third.violations(0).code(), v1::REJECTION_CODE_RECHARGE_DAY_LIMIT);
  EXPECT_EQ(third.violations(0).used_minor(), 199);
  EXPECT_EQ(third.violations(1).code(), v1::REJECTION_CODE_RECHARGE_MONTH_LIMIT);
  EXPECT_EQ(third.amount_max_minor(), 51);
  EXPECT_TRUE(third.has_retry_time());
  EXPECT_EQ(Authorize(51).outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(RechargeCall, R2AndR4AMinorAndAnUnverifiedPayerAreRefused) {
  StartGateWithSession();
  client().Must(PutPayerOf("17", kPayer, FactsBornOn(LastBirthDateOfAge(18) + 1)));
  EXPECT_EQ(Refusal(1).code(), v1::REJECTION_CODE_MINOR_BLOCKED);
  client().Must(PutPayerOf("18", kPayer, FactsBornOn(LastBirthDateOfAge(18))));
  EXPECT_EQ(Authorize(1).outcome(), v1::OUTCOME_ACCEPTED);
  client().Must(PutPayerOf("none", kPayer, v1::PayerFacts()));
  EXPECT_EQ(Refusal(1).code(), v1::REJECTION_CODE_REAL_NAME_REQUIRED);
}

TEST_F(RechargeCall, R10AndR11AnExpiredHoldIsReleasedAndDecidedAfresh) {
  policy_.recharge_day_limit_minor = 100;
  StartGateWithSession();
  const v1::RechargeDecision held = Authorize(RechargeOf("r", 60, absl::Seconds(1)));
  const int64_t id = held.recharge_id();
  EventWatch watch(client());
  const v1::Event expired = watch.Await(v1::EVENT_KIND_RECHARGE_EXPIRED);
  EXPECT_EQ(expired.recharge_id(), id);
  EXPECT_EQ(expired.payer_id(), kPayer);
  EXPECT_EQ(expired.amount_minor(), 60);
  EXPECT_GE(TimeOf(expired.event_time()), TimeOf(held.expire_time()));
  EXPECT_THAT(client().Try(VoidOf("v", id)),
              FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE,
                        "recharge_id"));

  // Its amount is free again; once somebody has used it, the late capture is refused.
  const int64_t other_id = Authorize(41).recharge_id();
  const auto capture = CaptureOf("late", id);
  const v1::CaptureRechargeResponse late = client().Must(capture);
  EXPECT_EQ(late.decision().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(late.decision().violations(0).code(), v1::REJECTION_CODE_RECHARGE_DAY_LIMIT);
  EXPECT_EQ(late.decision().state(), v1::RECHARGE_STATE_RETURNED);
  EXPECT_FALSE(late.decision().has_retry_time());
  EXPECT_TRUE(late.return_money());
  EXPECT_EQ(client().Must(capture).SerializeAsString(), late.SerializeAsString());
  const v1::Event event = watch.Await(v1::EVENT_KIND_LATE_RECHARGE);
  EXPECT_EQ(event.recharge_id(), id);
  EXPECT_EQ(event.rejection_codes(0), v1::REJECTION_CODE_RECHARGE_DAY_LIMIT);

  client().Must(VoidOf("free", other_id));
  EXPECT_THAT(client().Try(CaptureOf("later", id)),
              FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE,
                        "recharge_id"));
  const int64_t next_id = Authorize(RechargeOf("next", 60, absl::Seconds(1))).recharge_id();
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_RECHARGE_EXPIRED).recharge_id(), next_id);
  const v1::CaptureRechargeResponse fresh = client().Must(CaptureOf("fresh", next_id));
  EXPECT_EQ(fresh.decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(fresh.decision().state(), v1::RECHARGE_STATE_CAPTURED);
  EXPECT_EQ(fresh.decision().day_total_minor(), 60);
  EXPECT_FALSE(fresh.return_money());
  client().Verify();
}

}  // namespace
}  // namespace tipgate

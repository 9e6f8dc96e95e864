#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/recharge.pb.h"

namespace tipgate {
namespace {

constexpr char kHeld[] = R"pb(
  decision {
    recharge_id: 77
    outcome: OUTCOME_ACCEPTED
    amount_minor: 60000
    state: RECHARGE_STATE_HELD
    expire_time { seconds: 1777638600 }
    decide_time { seconds: 1777636800 }
  })pb";

TEST_F(TipctlTest, RechargeAuthorizeSendsAmountAndHold) {
  gate_.script().Reply("AuthorizeRecharge", Proto<v1::AuthorizeRechargeResponse>(kHeld));
  const auto result = Run("recharge authorize --payer 7 --amount-minor 60000 --hold 30m --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "recharge 77"));
  EXPECT_TRUE(HasLine(result.out, "state HELD"));
  EXPECT_TRUE(HasLine(result.out, "amount 600.00"));
  EXPECT_TRUE(HasLine(result.out, "expires 2026-05-01T20:30:00.000+08:00"));
  EXPECT_TRUE(IsSame(LastRequest<v1::AuthorizeRechargeRequest>("AuthorizeRecharge"),
                     Proto<v1::AuthorizeRechargeRequest>(R"pb(
                       idempotency_key: "k1"
                       payer_id: 7
                       amount_minor: 60000
                       hold_duration { seconds: 1800 })pb")));
}

TEST_F(TipctlTest, RechargeAuthorizeLeavesTheHoldToThePolicy) {
  gate_.script().Reply("AuthorizeRecharge", Proto<v1::AuthorizeRechargeResponse>(kHeld));
  Run("recharge authorize --payer 7 --amount-minor 1");
  EXPECT_FALSE(LastRequest<v1::AuthorizeRechargeRequest>("AuthorizeRecharge").has_hold_duration());
}

TEST_F(TipctlTest, RejectedRechargeExitsWith1) {
  gate_.script().Reply("AuthorizeRecharge", Proto<v1::AuthorizeRechargeResponse>(R"pb(
                         decision {
                           outcome: OUTCOME_REJECTED
                           state: RECHARGE_STATE_REJECTED
                           violations {
                             code: REJECTION_CODE_RECHARGE_CAP
                             limit_minor: 500000
                             requested_minor: 500001
                             origin: LIMIT_ORIGIN_POLICY
                           }
                         })pb"));
  const auto result = Run("recharge authorize --payer 7 --amount-minor 500001 --key k");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(HasLine(result.out, "RECHARGE_CAP 5,000.00 0.00 5,000.01 POLICY -")) << result.out;
}

TEST_F(TipctlTest, RechargeCaptureHasAKeyOfItsOwn) {
  gate_.script().Reply("CaptureRecharge", Proto<v1::CaptureRechargeResponse>(kHeld));
  const auto result = Run("recharge capture 77");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(LastRequest<v1::CaptureRechargeRequest>("CaptureRecharge").recharge_id(), 77);
  EXPECT_NE(LastRequest<v1::CaptureRechargeRequest>("CaptureRecharge").idempotency_key(), "");
}

TEST_F(TipctlTest, LateCaptureSaysToReturnTheMoney) {
  gate_.script().Reply(
      "CaptureRecharge", Proto<v1::CaptureRechargeResponse>(R"pb(
        return_money: true
        decision { outcome: OUTCOME_REJECTED state: RECHARGE_STATE_EXPIRED })pb"));
  const auto result = Run("recharge capture 77 --key k");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(HasLine(result.out, "return money yes: give it back to the payer")) << result.out;
}

TEST_F(TipctlTest, RechargeVoid) {
  gate_.script().Reply("VoidRecharge",
                       Proto<v1::VoidRechargeResponse>("decision { outcome: OUTCOME_ACCEPTED "
                                                       "state: RECHARGE_STATE_VOIDED }"));
  const auto result = Run("recharge void 77 --key k");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(HasLine(result.out, "state VOIDED"));
  EXPECT_EQ(LastRequest<v1::VoidRechargeRequest>("VoidRecharge").recharge_id(), 77);
}

TEST_F(TipctlTest, RechargeCheckAsksWithoutAKey) {
  gate_.script().Reply("CheckRecharge", Proto<v1::CheckRechargeResponse>(R"pb(
                         decision { outcome: OUTCOME_REJECTED balance_minor: 1234 })pb"));
  const auto result = Run("recharge check --payer 7 --amount-minor 500001");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(HasLine(result.out, "balance 12.34")) << result.out;
  const auto request = LastRequest<v1::CheckRechargeRequest>("CheckRecharge");
  EXPECT_EQ(request.recharge().payer_id(), 7);
  EXPECT_EQ(request.recharge().idempotency_key(), "");
}

TEST_F(TipctlTest, RechargeRefundTellsWhatIsLeft) {
  gate_.script().Reply("RefundRecharge", Proto<v1::RefundRechargeResponse>(R"pb(
                         recharge { recharge_id: 77 in_balance: true refunded_minor: 500 }
                         amount_minor: 300
                         balance_minor: 200)pb"));
  const auto result = Run("recharge refund 77 --amount-minor 300 --case c-1 --reason unspent");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(HasLine(result.out, "goes back 3.00")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "balance 2.00")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "refunded 5.00")) << result.out;
  const auto request = LastRequest<v1::RefundRechargeRequest>("RefundRecharge");
  EXPECT_EQ(request.amount_minor(), 300);
  EXPECT_EQ(request.case_reference(), "c-1");
  EXPECT_EQ(request.reason(), "unspent");
  EXPECT_NE(request.idempotency_key(), "");
}

TEST_F(TipctlTest, RechargeGetShowsWhereItIs) {
  gate_.script().Reply("GetRecharge", Proto<v1::GetRechargeResponse>(R"pb(
                         recharge { recharge_id: 77 state: RECHARGE_STATE_CAPTURED })pb"));
  const auto result = Run("recharge get 77");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(HasLine(result.out, "state CAPTURED")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "in balance no")) << result.out;
}

}  // namespace
}  // namespace tipgate

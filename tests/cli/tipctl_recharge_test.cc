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

}  // namespace
}  // namespace tipgate

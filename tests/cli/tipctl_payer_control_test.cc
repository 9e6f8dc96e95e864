// What holds one payer back: limits, confirmations, freezes, cooling-off.
#include <gmock/gmock.h>

#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/payer.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(TipctlTest, PayerLimitsSendsEachKindOfChange) {
  gate_.script().Reply("SetSelfLimits", Proto<v1::SetSelfLimitsResponse>(R"pb(
                         payer_id: 7
                         outcome: OUTCOME_ACCEPTED
                         self_limits {
                           tip_max { limit_minor: 5000 }
                           day_limit {
                             limit_minor: 10000
                             raise_time { seconds: 1777651200 }
                             raised_limit_minor: 20000
                           }
                           month_limit {}
                         })pb"));
  const auto result =
      Run("payer limits 7 --tip-max-minor 5000 --day-limit-minor none --month-limit-minor withdraw "
          "--token cafe --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "own tip limit 50.00")) << result.out;
  EXPECT_THAT(result.out, HasSubstr("100.00, 200.00 from 2026-05-02T"));
  EXPECT_TRUE(IsSame(LastRequest<v1::SetSelfLimitsRequest>("SetSelfLimits"),
                     Proto<v1::SetSelfLimitsRequest>(R"pb(
                       idempotency_key: "k1"
                       payer_id: 7
                       tip_max { kind: SELF_LIMIT_CHANGE_KIND_SET limit_minor: 5000 }
                       day_limit { kind: SELF_LIMIT_CHANGE_KIND_REMOVE }
                       month_limit { kind: SELF_LIMIT_CHANGE_KIND_WITHDRAW_RAISE }
                       confirmation_token: "cafe")pb")));
  EXPECT_EQ(Run("payer limits 7 --tip-max-minor lots").exit_code, 2);
}

TEST_F(TipctlTest, PayerPreferencesSendsWhatIsSaid) {
  gate_.script().Reply("SetPreferences", Proto<v1::SetPreferencesResponse>(R"pb(
                         payer_id: 7
                         outcome: OUTCOME_ACCEPTED
                         preferences { public_display_allowed: true })pb"));
  const auto result =
      Run("payer preferences 7 --reminders off --public-display on --token cafe --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "reminders off")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "public display allowed")) << result.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::SetPreferencesRequest>("SetPreferences"),
                     Proto<v1::SetPreferencesRequest>(R"pb(
                       idempotency_key: "k1"
                       payer_id: 7
                       reminders: false
                       public_display_allowed: true
                       confirmation_token: "cafe")pb")));
  EXPECT_EQ(Run("payer preferences 7 --reminders maybe").exit_code, 2);
}

TEST_F(TipctlTest, PayerLimitsThatNeedAConfirmationAreRejected) {
  gate_.script().Reply("SetSelfLimits", Proto<v1::SetSelfLimitsResponse>(R"pb(
                         payer_id: 7
                         outcome: OUTCOME_REJECTED
                         violations { code: REJECTION_CODE_CONFIRMATION_REQUIRED })pb"));
  const auto result = Run("payer limits 7 --day-limit-minor none");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("CONFIRMATION_REQUIRED"));
}

TEST_F(TipctlTest, PayerConfirmStartsWithoutATokenAndCompletesWithOne) {
  gate_.script().Reply("StartConfirmation", Proto<v1::StartConfirmationResponse>(R"pb(
                         payer_id: 7
                         scope: CONFIRMATION_SCOPE_DAY_GATE
                         token: "cafe")pb"));
  gate_.script().Reply("CompleteConfirmation", Proto<v1::CompleteConfirmationResponse>(R"pb(
                         payer_id: 7
                         outcome: OUTCOME_REJECTED
                         refusal: CONFIRMATION_REFUSAL_EXPIRED
                         attempts_left: 4)pb"));
  const auto started = Run("payer confirm 7 --scope day_gate --key k1");
  EXPECT_EQ(started.exit_code, 0) << started.err;
  EXPECT_TRUE(HasLine(started.out, "token cafe")) << started.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::StartConfirmationRequest>("StartConfirmation"),
                     Proto<v1::StartConfirmationRequest>(R"pb(
                       idempotency_key: "k1"
                       payer_id: 7
                       scope: CONFIRMATION_SCOPE_DAY_GATE)pb")));
  const auto completed =
      Run("payer confirm 7 --scope DAY_GATE --token cafe --proof sms-1 --key k2");
  EXPECT_EQ(completed.exit_code, 1);
  EXPECT_TRUE(HasLine(completed.out, "refusal EXPIRED")) << completed.out;
  EXPECT_TRUE(HasLine(completed.out, "attempts left 4")) << completed.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::CompleteConfirmationRequest>("CompleteConfirmation"),
                     Proto<v1::CompleteConfirmationRequest>(R"pb(
                       idempotency_key: "k2"
                       payer_id: 7
                       scope: CONFIRMATION_SCOPE_DAY_GATE
                       token: "cafe"
                       proof_reference: "sms-1")pb")));
  EXPECT_EQ(Run("payer confirm 7").exit_code, 2);
  EXPECT_EQ(Run("payer confirm 7 --scope day_gate --token cafe").exit_code, 2);
  EXPECT_EQ(Run("payer confirm 7 --scope day_gate --proof p").exit_code, 2);
}

TEST_F(TipctlTest, PayerFreezeAndUnfreezeSayWhoAsks) {
  gate_.script().Reply("FreezePayer", Proto<v1::FreezePayerResponse>(R"pb(
                         payer_id: 7
                         freeze { case_reference: "c-1" })pb"));
  gate_.script().Reply("UnfreezePayer", Proto<v1::UnfreezePayerResponse>(R"pb(
                         payer_id: 7
                         frozen: true
                         unfreeze_approver: "ann")pb"));
  const auto frozen = Run("--identity ann payer freeze 7 --case c-1 --key k1");
  EXPECT_EQ(frozen.exit_code, 0) << frozen.err;
  EXPECT_TRUE(HasLine(frozen.out, "frozen for c-1")) << frozen.out;
  EXPECT_EQ(gate_.script().identity(), "ann");
  EXPECT_TRUE(
      IsSame(LastRequest<v1::FreezePayerRequest>("FreezePayer"), Proto<v1::FreezePayerRequest>(R"pb(
               idempotency_key: "k1"
               payer_id: 7
               case_reference: "c-1")pb")));
  const auto agreed = Run("payer unfreeze 7 --case c-1 --identity bob");
  EXPECT_TRUE(HasLine(agreed.out, "agreed ann")) << agreed.out;
  EXPECT_EQ(gate_.script().identity(), "bob");
  EXPECT_EQ(Run("payer freeze 7").exit_code, 2);
  EXPECT_EQ(Run("payer freeze 7 --case c --identity a/b").exit_code, 2);
  Run("payer freeze 7 --case c");
  EXPECT_EQ(gate_.script().identity(), "");
}

TEST_F(TipctlTest, PayerCoolOffSaysUntilWhen) {
  gate_.script().Reply("StartCoolingOff", Proto<v1::StartCoolingOffResponse>(R"pb(
                         payer_id: 7
                         cooling_off_end_time { seconds: 1777651200 })pb"));
  const auto result = Run("payer cool-off 7 --for 5m --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("cools off until  2026-05-02T"));
  EXPECT_EQ(LastRequest<v1::StartCoolingOffRequest>("StartCoolingOff").duration().seconds(), 300);
}

TEST_F(TipctlTest, PayerPutSendsTierAndLimits) {
  gate_.script().Reply("PutPayer", Proto<v1::PutPayerResponse>(R"pb(
                         payer_id: 7
                         facts {
                           tier: "P1"
                           guardian_limits { tip_max_minor: 5000 day_limit_minor: 0 }
                         })pb"));
  const auto result =
      Run("payer put 7 --tier P1 --guardian-tip-max-minor 5000 --guardian-day-limit-minor 0 "
          "--risk-month-limit-minor 9 --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "payer tier P1")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "guardian's limits tip 50.00, day 0.00")) << result.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::PutPayerRequest>("PutPayer"), Proto<v1::PutPayerRequest>(R"pb(
                       idempotency_key: "k1"
                       payer_id: 7
                       facts {
                         tier: "P1"
                         guardian_limits { tip_max_minor: 5000 day_limit_minor: 0 }
                         risk_limits { month_limit_minor: 9 }
                       })pb")));
}

TEST_F(TipctlTest, PayerGetShowsWhatHoldsThemBack) {
  gate_.script().Reply("GetPayer", Proto<v1::GetPayerResponse>(R"pb(
                         payer {
                           payer_id: 7
                           tip_max { limit_minor: 5000 origin: LIMIT_ORIGIN_SELF }
                           self_limits { tip_max { limit_minor: 5000 } }
                           day_gate { threshold_minor: 1000000 passed: true }
                           month_gate { threshold_minor: 5000000 }
                           cooling_off_end_time { seconds: 1777651200 }
                           freezes { case_reference: "c-1" unfreeze_approver: "ann" }
                           freezes { case_reference: "c-2" }
                           refused_by: REJECTION_CODE_PAYER_FROZEN
                           refused_by: REJECTION_CODE_COOLING_OFF
                         })pb"));
  const auto result = Run("payer get 7");
  for (const char* line :
       {"own tip limit 50.00", "day gate 10,000.00, confirmed",
        "month gate 50,000.00, not confirmed", "frozen for c-1", "frozen for c-2",
        "unfreezing agreed ann", "refused by PAYER_FROZEN,COOLING_OFF"}) {
    EXPECT_TRUE(HasLine(result.out, line)) << line << "\n" << result.out;
  }
  EXPECT_THAT(result.out, HasSubstr("cools off until"));
  EXPECT_THAT(result.out, HasSubstr("one tip"));
  EXPECT_THAT(result.out, Not(HasSubstr("own day limit")));
}

}  // namespace
}  // namespace tipgate

// The later life of tips, and orders about income.
#include <gmock/gmock.h>

#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/event.pb.h"
#include "tipgate/v1/income.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

TEST_F(TipctlTest, TipHoldSendsHowLong) {
  gate_.script().Reply("AuthorizeTip", Proto<v1::AuthorizeTipResponse>(R"pb(
                         decision {
                           outcome: OUTCOME_ACCEPTED
                           expire_time { seconds: 1777636800 }
                         })pb"));
  const auto result =
      Run("tip --payer 7 --streamer 8 --session 9 --gift 10 --unit-price-minor 5 --count 1 --hold "
          "--hold-ttl 45s");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "held until 2026-05-01T20:00:00.000+08:00")) << result.out;
  const auto tip = LastRequest<v1::AuthorizeTipRequest>("AuthorizeTip").tip();
  EXPECT_TRUE(tip.hold());
  EXPECT_EQ(tip.hold_ttl().seconds(), 45);
}

TEST_F(TipctlTest, TipCaptureSaysWhatIsLeftAndExitsAsDecided) {
  gate_.script().Reply("CaptureTip", Proto<v1::CaptureTipResponse>(R"pb(
                         change {
                           tip_id: 65536
                           outcome: OUTCOME_ACCEPTED
                           state: TIP_STATE_PENDING
                           amount_minor: 300
                           left_minor: 300
                           released_minor: 200
                         })pb"));
  gate_.script().Reply("CaptureTip", Proto<v1::CaptureTipResponse>(R"pb(
                         change {
                           outcome: OUTCOME_REJECTED
                           violations { code: REJECTION_CODE_TIP_CAP }
                           state: TIP_STATE_HELD
                         })pb"));
  const auto captured = Run("tip capture 65536 --amount-minor 300 --key k1");
  EXPECT_EQ(captured.exit_code, 0) << captured.err;
  EXPECT_TRUE(HasLine(captured.out, "state PENDING")) << captured.out;
  EXPECT_TRUE(
      IsSame(LastRequest<v1::CaptureTipRequest>("CaptureTip"), Proto<v1::CaptureTipRequest>(R"pb(
               idempotency_key: "k1"
               tip_id: 65536
               amount_minor: 300)pb")));
  const auto refused = Run("tip capture 65536");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, HasSubstr("TIP_CAP"));
  EXPECT_FALSE(LastRequest<v1::CaptureTipRequest>("CaptureTip").has_amount_minor());
  EXPECT_EQ(Run("tip capture").exit_code, 2);
}

TEST_F(TipctlTest, TipVoidNamesTheTip) {
  gate_.script().Reply("VoidTip", Proto<v1::VoidTipResponse>(R"pb(
                         change { outcome: OUTCOME_ACCEPTED state: TIP_STATE_VOIDED })pb"));
  EXPECT_TRUE(HasLine(Run("tip void 65536 --key k1").out, "state VOIDED"));
  EXPECT_EQ(LastRequest<v1::VoidTipRequest>("VoidTip").tip_id(), 65536);
}

TEST_F(TipctlTest, TipRefundTakesExactlyOnePart) {
  gate_.script().Reply("RefundTip", Proto<v1::RefundTipResponse>(R"pb(
                         change { outcome: OUTCOME_ACCEPTED state: TIP_STATE_REFUNDED })pb"));
  const auto result =
      Run("tip refund 65536 --permille 1000 --case c-1 --reason fraud --key k1 --identity ann");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(gate_.script().identity(), "ann");
  EXPECT_TRUE(
      IsSame(LastRequest<v1::RefundTipRequest>("RefundTip"), Proto<v1::RefundTipRequest>(R"pb(
               idempotency_key: "k1"
               tip_id: 65536
               permille: 1000
               case_reference: "c-1"
               reason: "fraud")pb")));
  EXPECT_EQ(Run("tip refund 65536 --case c-1 --reason fraud").exit_code, 2);
  EXPECT_EQ(Run("tip refund 65536 --permille 1 --amount-minor 1 --case c --reason r").exit_code, 2);
  EXPECT_EQ(Run("tip refund 65536 --permille 1 --reason r").exit_code, 2);
}

TEST_F(TipctlTest, TipGetShowsWhatHasBecomeOfIt) {
  gate_.script().Reply("GetTip", Proto<v1::GetTipResponse>(R"pb(
                         tip {
                           decision { outcome: OUTCOME_ACCEPTED }
                           state: TIP_STATE_FROZEN
                           left_minor: 400
                           refunded_minor: 100
                           freeze_case_references: "c-1"
                           freeze_case_references: "c-2"
                           agency_id: 9
                           streamer_share_minor: 200
                         })pb"));
  const auto result = Run("tip get 65536");
  EXPECT_TRUE(HasLine(result.out, "state FROZEN")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "frozen for c-1, c-2")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "agency 9")) << result.out;
  EXPECT_THAT(result.out, HasSubstr("streamer's share"));
}

TEST_F(TipctlTest, IncomeFreezeSaysWhichJobAndHowFar) {
  gate_.script().Reply("FreezeIncome", Proto<v1::FreezeIncomeResponse>(R"pb(
                         job {
                           job_id: 65537
                           action: INCOME_ACTION_FREEZE
                           scope { session_id: 9 }
                           case_reference: "c-1"
                           progress_permille: 125
                         })pb"));
  const auto result =
      Run("income freeze --session 9 --since 2026-05-01T20:00:00+08:00 --case c-1 --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "job 65537")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "which tips session 9")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "progress 12.5 %")) << result.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::FreezeIncomeRequest>("FreezeIncome"),
                     Proto<v1::FreezeIncomeRequest>(R"pb(
                       idempotency_key: "k1"
                       scope {
                         session_id: 9
                         start_time { seconds: 1777636800 }
                       }
                       case_reference: "c-1")pb")));
  EXPECT_EQ(Run("income freeze --case c-1").exit_code, 2);
  EXPECT_EQ(Run("income freeze --session 9 --payer 1 --case c-1").exit_code, 2);
  EXPECT_EQ(Run("income freeze --session 9").exit_code, 2);
  EXPECT_EQ(Run("income freeze --everything --session 9 --case c-1").exit_code, 2);
  EXPECT_EQ(Run("income freeze --whole-case --case c-1").exit_code, 2);
}

TEST_F(TipctlTest, IncomeReleaseAndRefundTakeTheWholeCase) {
  gate_.script().Reply("ReleaseIncome", v1::ReleaseIncomeResponse());
  gate_.script().Reply("RefundTips", v1::RefundTipsResponse());
  EXPECT_EQ(Run("income release --whole-case --case c-1").exit_code, 0);
  EXPECT_TRUE(LastRequest<v1::ReleaseIncomeRequest>("ReleaseIncome").scope().whole_case());
  EXPECT_EQ(Run("income refund --whole-case --permille 500 --case c-1 --reason r").exit_code, 0);
  EXPECT_EQ(LastRequest<v1::RefundTipsRequest>("RefundTips").permille(), 500);
  EXPECT_EQ(Run("income refund --payer 7 --permille 500 --case c-1").exit_code, 2);
  EXPECT_EQ(Run("income refund --payer 7 --case c-1 --reason r").exit_code, 2);
}

TEST_F(TipctlTest, IncomeDelayTakesDays) {
  gate_.script().Reply("DelayIncome", Proto<v1::DelayIncomeResponse>(R"pb(
                         streamer_id: 8
                         delay { seconds: 432000 })pb"));
  const auto result = Run("income delay 8 --delay 5d --key k1");
  EXPECT_TRUE(HasLine(result.out, "income settles after at least 120h")) << result.out;
  EXPECT_EQ(LastRequest<v1::DelayIncomeRequest>("DelayIncome").delay().seconds(), 432'000);
}

TEST_F(TipctlTest, IncomeJobsListsTheOpenOnes) {
  gate_.script().Reply("ListIncomeJobs", v1::ListIncomeJobsResponse());
  gate_.script().Reply("ListIncomeJobs", Proto<v1::ListIncomeJobsResponse>(R"pb(
                         jobs {
                           job_id: 65537
                           action: INCOME_ACTION_REFUND
                           scope { whole_case: true }
                           case_reference: "c-1"
                         })pb"));
  gate_.script().Reply("GetIncomeJob", Proto<v1::GetIncomeJobResponse>(R"pb(
                         job { job_id: 65537 done: true })pb"));
  EXPECT_EQ(Run("income jobs").out, "no job is open\n");
  EXPECT_THAT(Run("income jobs").out, HasSubstr("the whole case"));
  EXPECT_TRUE(HasLine(Run("income job 65537").out, "progress done"));
}

}  // namespace
}  // namespace tipgate

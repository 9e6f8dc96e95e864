#include <string>

#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

constexpr char kIntent[] =
    " --payer 7 --streamer 8 --session 9 --gift 10 --unit-price-minor 1250 --count 66";

v1::AuthorizeTipResponse Accepted() {
  return Proto<v1::AuthorizeTipResponse>(R"pb(
    decision {
      tip_id: 1234
      outcome: OUTCOME_ACCEPTED
      amount_minor: 82500
      amount_max_minor: 167500
      count_max: 134
      day_total_minor: 1082500
      day_left_minor: 917500
      month_total_minor: 1082500
      month_left_minor: 8917500
      reminders { period: PERIOD_DAY threshold_permille: 500 }
      settle_time { seconds: 1778241600 }
      decide_time { seconds: 1777636800 nanos: 7000000 }
      policy_version: 3
    })pb");
}

v1::TipDecision Rejected() {
  return Proto<v1::TipDecision>(R"pb(
    outcome: OUTCOME_REJECTED
    amount_minor: 82500
    violations { code: REJECTION_CODE_GIFT_UNKNOWN }
    violations {
      code: REJECTION_CODE_DAY_LIMIT
      limit_minor: 2000000
      used_minor: 1950000
      requested_minor: 82500
      origin: LIMIT_ORIGIN_POLICY
      retry_time { seconds: 1777651200 }
    }
    decide_time { seconds: 1777636800 }
    policy_version: 3)pb");
}

v1::Tip TipWithId(int64_t id) {
  v1::Tip tip;
  tip.mutable_intent()->set_payer_id(7);
  tip.mutable_intent()->set_count(1);
  tip.mutable_decision()->set_tip_id(id);
  tip.mutable_decision()->set_outcome(v1::OUTCOME_ACCEPTED);
  tip.mutable_decision()->mutable_decide_time()->set_seconds(1777636800);
  tip.set_state(v1::TIP_STATE_PENDING);
  return tip;
}

TEST_F(TipctlTest, TipSendsTheWholeIntent) {
  gate_.script().Reply("AuthorizeTip", Accepted());
  const auto result = Run(std::string("tip --key k1 --create-time 2026-05-01T12:00:00Z") + kIntent);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(IsSame(LastRequest<v1::AuthorizeTipRequest>("AuthorizeTip"),
                     Proto<v1::AuthorizeTipRequest>(R"pb(
                       tip {
                         idempotency_key: "k1"
                         payer_id: 7
                         streamer_id: 8
                         session_id: 9
                         gift_id: 10
                         unit_price_minor: 1250
                         count: 66
                         create_time { seconds: 1777636800 }
                       })pb")));
}

TEST_F(TipctlTest, AcceptedTipIsARecord) {
  gate_.script().Reply("AuthorizeTip", Accepted());
  const auto result = Run(std::string("tip --key k1") + kIntent);
  EXPECT_EQ(result.out,
            "outcome          ACCEPTED\n"
            "tip              1234\n"
            "amount           825.00\n"
            "would pass next  1,675.00 (134 pieces)\n"
            "day              10,825.00 used, 9,175.00 left\n"
            "month            10,825.00 used, 89,175.00 left\n"
            "reminders        DAY 500‰\n"
            "settles          2026-05-08T20:00:00.000+08:00\n"
            "decided          2026-05-01T20:00:00.007+08:00\n"
            "policy version   3\n");
}

TEST_F(TipctlTest, TipWithoutKeyMakesOneAndTells) {
  gate_.script().Reply("AuthorizeTip", Accepted());
  const auto first = Run(std::string("tip") + kIntent);
  const auto key = LastRequest<v1::AuthorizeTipRequest>("AuthorizeTip").tip().idempotency_key();
  EXPECT_EQ(key.size(), std::string("tipctl-").size() + 32);
  EXPECT_EQ(first.err, "tipctl: to repeat this safely: --key " + key + "\n");
  Run(std::string("tip") + kIntent);
  EXPECT_NE(LastRequest<v1::AuthorizeTipRequest>("AuthorizeTip").tip().idempotency_key(), key);
}

TEST_F(TipctlTest, JsonIsTheReplyOnOneLine) {
  gate_.script().Reply("AuthorizeTip", Accepted());
  const auto result = Run(std::string("--json tip --key k1") + kIntent);
  EXPECT_EQ(Lines(result.out).size(), 1U);
  EXPECT_TRUE(IsSame(FromJson<v1::AuthorizeTipResponse>(result.out), Accepted()));
  EXPECT_NE(result.out.find("\"amount_max_minor\":\"167500\""), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("\"violations\":[]"), std::string::npos) << result.out;
}

TEST_F(TipctlTest, RejectedTipExitsWith1AndShowsEveryViolation) {
  v1::AuthorizeTipResponse response;
  *response.mutable_decision() = Rejected();
  gate_.script().Reply("AuthorizeTip", response);
  const auto result = Run(std::string("tip --key k1") + kIntent);
  EXPECT_EQ(result.exit_code, 1);
  const std::string table =
      "\n"
      "REFUSED BY        LIMIT       USED  REQUESTED  LIMIT FROM  PASSES FROM\n"
      "GIFT_UNKNOWN          -          -          -  -           -\n"
      "DAY_LIMIT     20,000.00  19,500.00     825.00  POLICY      2026-05-02T00:00:00.000+08:00\n";
  EXPECT_NE(result.out.find(table), std::string::npos) << result.out;
}

TEST_F(TipctlTest, CheckNeedsNoKey) {
  v1::CheckTipResponse response;
  *response.mutable_decision() = Rejected();
  gate_.script().Reply("CheckTip", response);
  const auto result = Run(std::string("check") + kIntent);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(LastRequest<v1::CheckTipRequest>("CheckTip").tip().idempotency_key(), "");
  EXPECT_EQ(LastRequest<v1::CheckTipRequest>("CheckTip").tip().unit_price_minor(), 1250);
}

TEST_F(TipctlTest, CheckOfATipThatWouldPassExitsWith0) {
  gate_.script().Reply("CheckTip",
                       Proto<v1::CheckTipResponse>("decision { outcome: OUTCOME_ACCEPTED }"));
  EXPECT_EQ(Run(std::string("check") + kIntent).exit_code, 0);
}

TEST_F(TipctlTest, TipGetTakesAnIdOrAKey) {
  v1::GetTipResponse response;
  *response.mutable_tip() = TipWithId(5);
  gate_.script().Reply("GetTip", response);
  const auto result = Run("tip get 5");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "state PENDING")) << result.out;
  EXPECT_EQ(LastRequest<v1::GetTipRequest>("GetTip").tip_id(), 5);
  Run("tip get --key k1");
  EXPECT_EQ(LastRequest<v1::GetTipRequest>("GetTip").idempotency_key(), "k1");
}

TEST_F(TipctlTest, TipGetOfARejectedTipIsNoFailure) {
  v1::GetTipResponse response;
  *response.mutable_tip()->mutable_decision() = Rejected();
  gate_.script().Reply("GetTip", response);
  EXPECT_EQ(Run("tip get 5").exit_code, 0);
}

TEST_F(TipctlTest, TipListSendsItsFilters) {
  gate_.script().Reply("ListTips", v1::ListTipsResponse());
  const auto result =
      Run("tip list --payer 7 --streamer 8 --session 9 --since 2026-05-01 --until 2026-05-02 "
          "--page-size 20");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Lines(result.out).size(), 1U) << "only the header";
  EXPECT_TRUE(IsSame(LastRequest<v1::ListTipsRequest>("ListTips"), Proto<v1::ListTipsRequest>(R"pb(
                       payer_id: 7
                       streamer_id: 8
                       session_id: 9
                       start_time { seconds: 1777564800 }
                       end_time { seconds: 1777651200 }
                       page_size: 20)pb")));
}

// Three pages with tips 3, 2 and 1; the second one is empty, as pages may be.
void ReplyThreePages(Script& script) {
  v1::ListTipsResponse page;
  *page.add_tips() = TipWithId(3);
  *page.add_tips() = TipWithId(2);
  page.set_next_page_token("p2");
  script.Reply("ListTips", page);
  page.clear_tips();
  page.set_next_page_token("p3");
  script.Reply("ListTips", page);
  *page.add_tips() = TipWithId(1);
  page.clear_next_page_token();
  script.Reply("ListTips", page);
}

TEST_F(TipctlTest, TipListFollowsThePages) {
  ReplyThreePages(gate_.script());
  const auto result = Run("tip list --payer 7 --json");
  EXPECT_EQ(result.err, "");
  ASSERT_EQ(Lines(result.out).size(), 3U);
  EXPECT_TRUE(IsSame(FromJson<v1::Tip>(Lines(result.out)[2]), TipWithId(1)));
  const auto requests = gate_.script().Requests<v1::ListTipsRequest>("ListTips");
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].page_token(), "");
  EXPECT_EQ(requests[1].page_token(), "p2");
  EXPECT_EQ(requests[2].page_token(), "p3");
  EXPECT_EQ(requests[2].payer_id(), 7);
  EXPECT_EQ(requests[2].page_size(), requests[0].page_size());
}

TEST_F(TipctlTest, TipListStopsAtItsLimitAndSaysSo) {
  ReplyThreePages(gate_.script());
  const auto result = Run("tip list --limit 1");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(Lines(result.out).size(), 2U) << result.out;
  EXPECT_EQ(result.err, "tipctl: more may match; --limit is 1\n");
  EXPECT_EQ(LastRequest<v1::ListTipsRequest>("ListTips").page_size(), 1);
}

TEST_F(TipctlTest, TipListAtExactlyItsLimitSaysNothing) {
  ReplyThreePages(gate_.script());
  EXPECT_EQ(Run("tip list --limit 3").err, "");
}

TEST_F(TipctlTest, TipListIsATable) {
  v1::ListTipsResponse page;
  *page.add_tips() = TipWithId(3);
  page.add_tips()->CopyFrom(TipWithId(12));
  *page.mutable_tips(1)->mutable_decision()->add_violations() = Rejected().violations(1);
  page.mutable_tips(1)->set_state(v1::TIP_STATE_REJECTED);
  gate_.script().Reply("ListTips", page);
  const auto result = Run("tip list");
  EXPECT_TRUE(
      HasLine(result.out, "DECIDED TIP STATE PAYER STREAMER SESSION GIFT COUNT AMOUNT REFUSED BY"));
  EXPECT_TRUE(
      HasLine(result.out, "2026-05-01T20:00:00.000+08:00 12 REJECTED 7 0 0 0 1 0.00 DAY_LIMIT"));
}

}  // namespace
}  // namespace tipgate

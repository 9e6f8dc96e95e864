#include <gmock/gmock.h>

#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {
namespace {

TEST_F(TipctlTest, PayerPutSendsAllFacts) {
  gate_.script().Reply("PutPayer", Proto<v1::PutPayerResponse>(R"pb(
                         payer_id: 7
                         facts {
                           real_name_verified: true
                           birth_date { year: 1990 month: 1 day: 31 }
                         })pb"));
  const auto result =
      Run("payer put 7 --verified --birth-date 1990-01-31 --source idsvc "
          "--observe-time 2026-05-01T12:00:00Z --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "birth date 1990-01-31")) << result.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::PutPayerRequest>("PutPayer"), Proto<v1::PutPayerRequest>(R"pb(
                       idempotency_key: "k1"
                       payer_id: 7
                       facts {
                         real_name_verified: true
                         birth_date { year: 1990 month: 1 day: 31 }
                         source: "idsvc"
                         observe_time { seconds: 1777636800 }
                       })pb")));
}

TEST_F(TipctlTest, PayerPutWithoutVerifiedIsNotVerified) {
  gate_.script().Reply("PutPayer", v1::PutPayerResponse());
  Run("payer put 7 --age-band under_8");
  const auto request = LastRequest<v1::PutPayerRequest>("PutPayer");
  EXPECT_TRUE(request.has_facts());
  EXPECT_FALSE(request.facts().real_name_verified());
  EXPECT_EQ(request.facts().age_band(), v1::AGE_BAND_UNDER_8);
  EXPECT_NE(request.idempotency_key(), "");
}

TEST_F(TipctlTest, PayerPutSendsConsentAndYouthMode) {
  gate_.script().Reply("PutPayer", Proto<v1::PutPayerResponse>(R"pb(
                         payer_id: 7
                         facts { guardian_consent: true youth_mode: true })pb"));
  const auto result = Run("payer put 7 --guardian-consent --youth-mode");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "guardian consent yes")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "youth mode on")) << result.out;
  const auto request = LastRequest<v1::PutPayerRequest>("PutPayer");
  EXPECT_TRUE(request.facts().guardian_consent());
  EXPECT_TRUE(request.facts().youth_mode());
}

TEST_F(TipctlTest, PayerPauseSaysUntilWhen) {
  gate_.script().Reply("PausePayer", Proto<v1::PausePayerResponse>(R"pb(
                         payer_id: 7
                         pause_end_time { seconds: 1777651200 })pb"));
  const auto result = Run("payer pause 7 --for 30d --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, ::testing::HasSubstr("paused until"));
  EXPECT_TRUE(
      IsSame(LastRequest<v1::PausePayerRequest>("PausePayer"), Proto<v1::PausePayerRequest>(R"pb(
               idempotency_key: "k1"
               payer_id: 7
               duration { seconds: 2592000 })pb")));
  EXPECT_EQ(Run("payer pause 7").exit_code, 2);
}

TEST_F(TipctlTest, PayerGetShowsAPauseInForce) {
  gate_.script().Reply("GetPayer", Proto<v1::GetPayerResponse>(R"pb(
                         payer {
                           payer_id: 7
                           pause_end_time { seconds: 1777651200 }
                         })pb"));
  // In one column with the facts above it.
  EXPECT_THAT(Run("payer get 7").out, ::testing::HasSubstr("\npaused until      2026-05-02T"));
}

TEST_F(TipctlTest, PayerGetShowsNoPauseWithoutOne) {
  gate_.script().Reply("GetPayer", Proto<v1::GetPayerResponse>("payer { payer_id: 7 }"));
  EXPECT_THAT(Run("payer get 7").out, ::testing::Not(::testing::HasSubstr("paused until")));
}

TEST_F(TipctlTest, PayerPutTakesOneAge) {
  const auto result = Run("payer put 7 --verified --birth-date 1990-01-31 --age-band ADULT");
  EXPECT_EQ(result.exit_code, 2);
}

TEST_F(TipctlTest, PayerGetShowsEveryLimit) {
  gate_.script().Reply("GetPayer", Proto<v1::GetPayerResponse>(R"pb(
                         payer {
                           payer_id: 7
                           facts { real_name_verified: true age_band: AGE_BAND_ADULT }
                           tip_day {
                             limit_minor: 2000000
                             origin: LIMIT_ORIGIN_POLICY
                             used_minor: 82500
                             left_minor: 1917500
                             reset_time { seconds: 1777651200 }
                           }
                         })pb"));
  const auto result = Run("payer get 7");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(LastRequest<v1::GetPayerRequest>("GetPayer").payer_id(), 7);
  EXPECT_TRUE(HasLine(result.out, "verified yes"));
  EXPECT_TRUE(HasLine(result.out, "age band ADULT"));
  EXPECT_TRUE(HasLine(result.out,
                      "tips, day 20,000.00 POLICY 825.00 19,175.00 "
                      "2026-05-02T00:00:00.000+08:00"))
      << result.out;
  EXPECT_TRUE(HasLine(result.out, "recharges, month 0.00 - 0.00 0.00 -"));
}

TEST_F(TipctlTest, StreamerPutSendsAllFacts) {
  gate_.script().Reply("PutStreamer", v1::PutStreamerResponse());
  const auto result =
      Run("streamer put 8 --verified --age-band 16_to_17 --guardian-consent --tier L1 --agency 3 "
          "--payer 4 "
          "--key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(
      IsSame(LastRequest<v1::PutStreamerRequest>("PutStreamer"), Proto<v1::PutStreamerRequest>(R"pb(
               idempotency_key: "k1"
               streamer_id: 8
               facts {
                 real_name_verified: true
                 age_band: AGE_BAND_16_TO_17
                 guardian_consent: true
                 tier: "L1"
                 agency_id: 3
                 payer_id: 4
               })pb")));
}

TEST_F(TipctlTest, StreamerGetShowsIncomeAndOpenSession) {
  gate_.script().Reply("GetStreamer", Proto<v1::GetStreamerResponse>(R"pb(
                         streamer {
                           streamer_id: 8
                           facts { tier: "L2" }
                           pending_minor: 123456
                           settled_minor: 5
                           open_session_id: 9
                           sessions_today_count: 2
                         })pb"));
  const auto result = Run("streamer get 8");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "tier L2"));
  EXPECT_TRUE(HasLine(result.out, "pending 1,234.56"));
  EXPECT_TRUE(HasLine(result.out, "open session 9"));
  EXPECT_TRUE(HasLine(result.out, "sessions today 2"));
}

TEST_F(TipctlTest, SessionOpenThatIsAccepted) {
  gate_.script().Reply("OpenSession", Proto<v1::OpenSessionResponse>(R"pb(
                         outcome: OUTCOME_ACCEPTED
                         session {
                           session_id: 9
                           streamer_id: 8
                           tier: "L1"
                           max_end_time { seconds: 1777651200 }
                           received_max_minor: 2000000
                         })pb"));
  const auto result = Run("session open 9 --streamer 8 --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "outcome ACCEPTED"));
  EXPECT_TRUE(HasLine(result.out, "ends by 2026-05-02T00:00:00.000+08:00"));
  EXPECT_TRUE(HasLine(result.out, "received 0.00 of at most 20,000.00"));
  EXPECT_TRUE(IsSame(LastRequest<v1::OpenSessionRequest>("OpenSession"),
                     Proto<v1::OpenSessionRequest>(R"pb(idempotency_key: "k1"
                                                        session_id: 9
                                                        streamer_id: 8)pb")));
}

TEST_F(TipctlTest, SessionOpenThatIsRejectedCountsSessionsAndNotMoney) {
  gate_.script().Reply("OpenSession", Proto<v1::OpenSessionResponse>(R"pb(
                         outcome: OUTCOME_REJECTED
                         violations {
                           code: REJECTION_CODE_SESSION_COUNT_LIMIT
                           limit_minor: 3
                           used_minor: 3
                           requested_minor: 1
                           origin: LIMIT_ORIGIN_TIER
                         })pb"));
  const auto result = Run("session open 9 --streamer 8 --key k1");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(HasLine(result.out, "SESSION_COUNT_LIMIT 3 sessions 3 sessions 1 sessions TIER -"))
      << result.out;
}

TEST_F(TipctlTest, SessionCloseAndGet) {
  constexpr char kSession[] = "session { session_id: 9 close_time { seconds: 1777636800 } }";
  gate_.script().Reply("CloseSession", Proto<v1::CloseSessionResponse>(kSession));
  gate_.script().Reply("GetSession", Proto<v1::GetSessionResponse>(kSession));
  for (const char* line : {"session close 9 --key k", "session get 9"}) {
    const auto result = Run(line);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(HasLine(result.out, "closed 2026-05-01T20:00:00.000+08:00")) << result.out;
  }
  EXPECT_EQ(LastRequest<v1::CloseSessionRequest>("CloseSession").session_id(), 9);
  EXPECT_EQ(LastRequest<v1::GetSessionRequest>("GetSession").session_id(), 9);
}

TEST_F(TipctlTest, GetsAreJsonToo) {
  const auto response = Proto<v1::GetSessionResponse>("session { session_id: 9 tier: 'L1' }");
  gate_.script().Reply("GetSession", response);
  const auto result = Run("session get 9 --json");
  EXPECT_TRUE(IsSame(FromJson<v1::GetSessionResponse>(result.out), response));
}

}  // namespace
}  // namespace tipgate

// PutPayer, GetPayer, PutStreamer and GetStreamer.

#include "absl/time/clock.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

class FactsCall : public GateTest {
 protected:
  void SetUp() override { StartGateWithSession(); }

  grpc::Status TryGetPayer(int64_t payer_id) {
    v1::GetPayerRequest request;
    request.set_payer_id(payer_id);
    return client().Try(request);
  }
  v1::Payer GetPayer() {
    v1::GetPayerRequest request;
    request.set_payer_id(kPayer);
    return client().Must(request).payer();
  }
  v1::Streamer GetStreamer() {
    v1::GetStreamerRequest request;
    request.set_streamer_id(kStreamer);
    return client().Must(request).streamer();
  }
};

TEST_F(FactsCall, PutPayerTellsTheFactsInForce) {
  v1::PayerFacts facts = FactsBornOn(absl::CivilDay(1990, 2, 28));
  facts.set_source("ids-2");
  *facts.mutable_observe_time() =
      TimestampOf(absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())));
  const auto request = PutPayerOf("p", 500, facts);
  const v1::PutPayerResponse response = client().Must(request);
  EXPECT_EQ(response.payer_id(), 500);
  EXPECT_EQ(response.facts().SerializeAsString(), facts.SerializeAsString());
  EXPECT_GE(TimeOf(response.update_time()), TimeOf(facts.observe_time()));
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_EQ(client().Totals().payers_count(), 2);
  EXPECT_THAT(
      client().Try(PutPayerOf("p", 501, facts)),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
}

TEST_F(FactsCall, FactsWithoutAnObserveTimeAreOfTheDecision) {
  const v1::PutPayerResponse response = client().PutAdult(500);
  EXPECT_EQ(TimeOf(response.facts().observe_time()), TimeOf(response.update_time()));
}

TEST_F(FactsCall, OlderFactsAndFutureOnesAreRefused) {
  v1::PayerFacts facts = AdultFacts();
  *facts.mutable_observe_time() = TimestampOf(absl::Now() - absl::Hours(1));
  EXPECT_THAT(client().Try(PutPayerOf("old", kPayer, facts)),
              FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE,
                        "facts.observe_time"));
  *facts.mutable_observe_time() = TimestampOf(absl::Now() + absl::Hours(1));
  EXPECT_THAT(client().Try(PutPayerOf("new", kPayer, facts)),
              NamesInvalidField("facts.observe_time"));
}

TEST_F(FactsCall, GetPayerTellsWhatIsUsed) {
  client().Tip(TipOf("t", 5));
  v1::AuthorizeRechargeRequest recharge = RechargeOf("r", 70);
  client().Must(recharge);
  const v1::Payer payer = GetPayer();
  EXPECT_EQ(payer.payer_id(), kPayer);
  EXPECT_EQ(payer.facts().age_band(), v1::AGE_BAND_ADULT);
  EXPECT_TRUE(payer.facts().real_name_verified());
  for (const v1::Usage& usage : {payer.tip_day(), payer.tip_month()}) {
    EXPECT_EQ(usage.used_minor(), 5);
    EXPECT_EQ(usage.limit_minor(), policy_.day_limit_minor);
    EXPECT_EQ(usage.left_minor(), policy_.day_limit_minor - 5);
    EXPECT_EQ(usage.origin(), v1::LIMIT_ORIGIN_POLICY);
    EXPECT_GT(TimeOf(usage.reset_time()), absl::Now());
  }
  EXPECT_LE(TimeOf(payer.tip_day().reset_time()), absl::Now() + absl::Hours(24));
  EXPECT_EQ(payer.recharge_day().used_minor(), 70);
  EXPECT_EQ(payer.recharge_month().used_minor(), 70);
  EXPECT_EQ(TryGetPayer(999).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(FactsCall, T6AndP1AndP2APauseIsForAWhileThatNobodyCanEnd) {
  v1::PausePayerRequest request;
  request.set_idempotency_key("p");
  request.set_payer_id(kPayer);
  constexpr int64_t kDay = 86'400;
  for (const int64_t seconds :
       {int64_t{0}, int64_t{3'600}, kDay - 1, kDay + 1, 8 * kDay, 183 * kDay, 3'661 * kDay}) {
    request.mutable_duration()->set_seconds(seconds);
    EXPECT_THAT(client().Try(request), NamesInvalidField("duration")) << seconds;
  }
  request.clear_duration();
  EXPECT_THAT(client().Try(request), NamesInvalidField("duration"));
  EXPECT_EQ(client().Tip(TipOf("before", 1)).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_FALSE(GetPayer().has_pause_end_time());

  request.mutable_duration()->set_seconds(7 * kDay);
  const v1::PausePayerResponse response = client().Must(request);
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_EQ(GetPayer().pause_end_time().seconds(), response.pause_end_time().seconds());
  const v1::TipDecision refused = client().Tip(TipOf("after", 1));
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_PAYER_PAUSED);
  EXPECT_EQ(TimeOf(refused.violations(0).retry_time()), TimeOf(response.pause_end_time()));
  EXPECT_FALSE(refused.has_retry_time());  // the session is over by then

  request.mutable_duration()->set_seconds(kDay);
  EXPECT_THAT(client().Try(request), FailsWith(grpc::StatusCode::ALREADY_EXISTS,
                                               v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  request.set_idempotency_key("shorter");
  EXPECT_EQ(TimeOf(client().Must(request).pause_end_time()), TimeOf(response.pause_end_time()));
  request.set_idempotency_key("nobody");
  request.set_payer_id(999);
  EXPECT_THAT(client().Try(request),
              FailsWith(grpc::StatusCode::NOT_FOUND, v1::ERROR_REASON_NOT_FOUND, "payer_id"));
}

TEST_F(FactsCall, PutStreamerTellsTheFactsInForce) {
  v1::StreamerFacts facts = StreamerFactsOf("T1");
  facts.set_agency_id(77);
  facts.set_guardian_consent(true);
  facts.set_source("crm");
  const auto request = PutStreamerOf("s", 600, facts);
  const v1::PutStreamerResponse response = client().Must(request);
  EXPECT_EQ(response.streamer_id(), 600);
  EXPECT_EQ(response.facts().tier(), "T1");
  EXPECT_EQ(response.facts().agency_id(), 77);
  EXPECT_EQ(response.facts().source(), "crm");
  EXPECT_TRUE(response.facts().guardian_consent());
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_EQ(client().Totals().streamers_count(), 2);
  facts.set_agency_id(78);
  EXPECT_THAT(
      client().Try(PutStreamerOf("s", 600, facts)),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  EXPECT_THAT(client().Try(PutStreamerOf("other", 600, StreamerFactsOf("T9"))),
              NamesInvalidField("facts.tier"));
}

TEST_F(FactsCall, GetStreamerTellsIncomeAndSession) {
  client().Tip(TipOf("t", 5));
  v1::Streamer streamer = GetStreamer();
  EXPECT_EQ(streamer.streamer_id(), kStreamer);
  EXPECT_EQ(streamer.facts().tier(), "T1");
  EXPECT_EQ(streamer.pending_minor(), 5);
  EXPECT_EQ(streamer.settled_minor(), 0);
  EXPECT_EQ(streamer.open_session_id(), kSession);
  EXPECT_EQ(streamer.sessions_today_count(), 1);
  client().Must(CloseSessionOf("close", kSession));
  streamer = GetStreamer();
  EXPECT_EQ(streamer.open_session_id(), 0);
  EXPECT_EQ(streamer.sessions_today_count(), 1);
  v1::GetStreamerRequest unknown;
  unknown.set_streamer_id(999);
  EXPECT_EQ(client().Try(unknown).error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace tipgate

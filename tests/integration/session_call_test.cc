// SessionService: each call, and each rule of opening a session.

#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

class SessionCall : public GateTest {
 protected:
  v1::Session GetSession(int64_t session_id) {
    v1::GetSessionRequest request;
    request.set_session_id(session_id);
    return client().Must(request).session();
  }

  // The codes of the rules that refuse to open this session.
  std::vector<int> Refusals(const v1::OpenSessionResponse& response) {
    EXPECT_EQ(response.outcome(), v1::OUTCOME_REJECTED);
    EXPECT_FALSE(response.has_session());
    std::vector<int> codes;
    for (const v1::Violation& violation : response.violations()) codes.push_back(violation.code());
    return codes;
  }
};

TEST_F(SessionCall, OpenAndCloseTellTheSession) {
  StartGate();
  client().PutStreamer(kStreamer);
  const auto open = OpenSessionOf("open", kSession, kStreamer);
  const v1::OpenSessionResponse opened = client().Must(open);
  EXPECT_EQ(opened.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(opened.policy_version(), 1);
  EXPECT_EQ(opened.session().session_id(), kSession);
  EXPECT_EQ(opened.session().streamer_id(), kStreamer);
  EXPECT_EQ(opened.session().tier(), "T1");
  EXPECT_EQ(opened.session().received_max_minor(), policy_.tiers[0].session_received_max_minor);
  EXPECT_EQ(TimeOf(opened.session().open_time()), TimeOf(opened.decide_time()));
  EXPECT_EQ(TimeOf(opened.session().max_end_time()), TimeOf(opened.decide_time()) + absl::Hours(4));
  EXPECT_EQ(client().Must(open).SerializeAsString(), opened.SerializeAsString());
  EXPECT_EQ(GetSession(kSession).SerializeAsString(), opened.session().SerializeAsString());

  client().PutAdult(kPayer);
  client().Tip(TipOf("t", 9));
  EXPECT_EQ(GetSession(kSession).received_minor(), 9);
  const auto close = CloseSessionOf("close", kSession);
  const v1::CloseSessionResponse closed = client().Must(close);
  EXPECT_EQ(closed.session().received_minor(), 9);
  EXPECT_GE(TimeOf(closed.session().close_time()), TimeOf(closed.session().open_time()));
  EXPECT_EQ(client().Must(close).SerializeAsString(), closed.SerializeAsString());
  EXPECT_EQ(GetSession(kSession).SerializeAsString(), closed.session().SerializeAsString());
  EXPECT_EQ(client().Totals().sessions_count(), 1);
}

TEST_F(SessionCall, S6WrongStatesAndUsedIdsAreTold) {
  StartGateWithSession();
  client().Must(CloseSessionOf("close", kSession));
  EXPECT_THAT(
      client().Try(CloseSessionOf("again", kSession)),
      FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE, "session_id"));
  EXPECT_THAT(client().Try(CloseSessionOf("unknown", 999)),
              FailsWith(grpc::StatusCode::NOT_FOUND, v1::ERROR_REASON_NOT_FOUND, "session_id"));
  EXPECT_THAT(
      client().Try(CloseSessionOf("close", 999)),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  EXPECT_THAT(client().Try(OpenSessionOf("reopen", kSession, kStreamer)),
              FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_ID_TAKEN, "session_id"));
  v1::GetSessionRequest unknown;
  unknown.set_session_id(999);
  EXPECT_EQ(client().Try(unknown).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(SessionCall, S1AnUnknownOrUnfitStreamerCannotOpen) {
  StartGate();
  const int unavailable = v1::REJECTION_CODE_STREAMER_UNAVAILABLE;
  EXPECT_EQ(Refusals(client().OpenSession(1, 999)), std::vector<int>{unavailable});
  v1::StreamerFacts facts = StreamerFactsOf("T1");
  facts.clear_age();
  *facts.mutable_birth_date() = DateOf(LastBirthDateOfAge(16) + 1);
  facts.set_guardian_consent(true);
  client().Must(PutStreamerOf("15", kStreamer, facts));
  EXPECT_EQ(Refusals(client().OpenSession(2, kStreamer)), std::vector<int>{unavailable});
  *facts.mutable_birth_date() = DateOf(LastBirthDateOfAge(16));
  client().Must(PutStreamerOf("16", kStreamer, facts));
  EXPECT_EQ(client().OpenSession(3, kStreamer).outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(SessionCall, S3AndS4ASecondSessionAndTooManyOfADayAreBothReported) {
  policy_.tiers[0].sessions_per_day_max = 2;
  StartGate();
  client().PutStreamer(kStreamer);
  EXPECT_EQ(client().OpenSession(1, kStreamer).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(Refusals(client().OpenSession(2, kStreamer)),
            std::vector<int>{v1::REJECTION_CODE_SESSION_ALREADY_OPEN});
  client().Must(CloseSessionOf("c1", 1));
  EXPECT_EQ(client().OpenSession(2, kStreamer).outcome(), v1::OUTCOME_ACCEPTED);

  const v1::OpenSessionResponse third = client().OpenSession(3, kStreamer);
  EXPECT_EQ(Refusals(third), (std::vector<int>{v1::REJECTION_CODE_SESSION_ALREADY_OPEN,
                                               v1::REJECTION_CODE_SESSION_COUNT_LIMIT}));
  EXPECT_FALSE(third.has_retry_time());
  EXPECT_EQ(third.violations(1).limit_minor(), 2);
  EXPECT_EQ(third.violations(1).used_minor(), 2);
  EXPECT_EQ(third.violations(1).requested_minor(), 1);
  EXPECT_EQ(third.violations(1).origin(), v1::LIMIT_ORIGIN_TIER);

  client().Must(CloseSessionOf("c2", 2));
  const v1::OpenSessionResponse fourth = client().OpenSession(3, kStreamer);
  EXPECT_EQ(Refusals(fourth), std::vector<int>{v1::REJECTION_CODE_SESSION_COUNT_LIMIT});
  EXPECT_TRUE(fourth.has_retry_time());
}

// Asks until the gate says yes: each refusal lies before the retry time that it names, the
// acceptance at it or after.
TEST_F(SessionCall, S5TheIntervalEndsAtItsRetryTime) {
  policy_.tiers[0].session_interval = "300ms";
  StartGateWithSession();
  const v1::CloseSessionResponse closed = client().Must(CloseSessionOf("close", kSession));
  const absl::Time retry_time = TimeOf(closed.session().close_time()) + absl::Milliseconds(300);
  v1::OpenSessionResponse response = client().OpenSession(kSession + 1, kStreamer);
  EXPECT_EQ(Refusals(response), std::vector<int>{v1::REJECTION_CODE_SESSION_INTERVAL});
  while (response.outcome() == v1::OUTCOME_REJECTED) {
    EXPECT_EQ(TimeOf(response.retry_time()), retry_time);
    ASSERT_LT(TimeOf(response.decide_time()), retry_time);
    response = client().OpenSession(kSession + 1, kStreamer);
  }
  EXPECT_GE(TimeOf(response.decide_time()), retry_time);
}

TEST_F(SessionCall, S7ANewTierAppliesToTheNextSession) {
  policy_.tiers.push_back({.name = "T2", .session_received_max_minor = 5});
  StartGateWithSession();
  client().PutStreamer(kStreamer, "T2");
  EXPECT_EQ(client().Tip(TipOf("a", 6)).outcome(), v1::OUTCOME_ACCEPTED);
  client().Must(CloseSessionOf("close", kSession));
  client().OpenSession(kSession + 1, kStreamer);
  v1::TipIntent intent = TipOf("b", 6);
  intent.set_session_id(kSession + 1);
  EXPECT_EQ(client().Tip(intent).violations(0).code(), v1::REJECTION_CODE_SESSION_CAP);
}

}  // namespace
}  // namespace tipgate

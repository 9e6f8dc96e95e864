// Every call of TipService, once and again.

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

class TipCall : public GateTest {
 protected:
  void SetUp() override { StartGateWithSession(); }

  v1::ListTipsResponse List(const v1::ListTipsRequest& request) { return client().Must(request); }

  // The keys of all pages, newest first.
  std::vector<std::string> ListedKeys(v1::ListTipsRequest request) {
    std::vector<std::string> keys;
    do {
      const v1::ListTipsResponse page = List(request);
      for (const v1::Tip& tip : page.tips()) keys.push_back(tip.intent().idempotency_key());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return keys;
  }
};

v1::GetTipRequest ById(int64_t tip_id) {
  v1::GetTipRequest request;
  request.set_tip_id(tip_id);
  return request;
}

v1::GetTipRequest ByKey(const std::string& key) {
  v1::GetTipRequest request;
  request.set_idempotency_key(key);
  return request;
}

TEST_F(TipCall, AuthorizeTipExplainsAnAcceptedTip) {
  const absl::Time before = absl::Now() - absl::Seconds(1);
  const v1::TipDecision decision = client().Tip(TipOf("a", 7, 100));
  EXPECT_GT(decision.tip_id(), 0);
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(decision.violations_size(), 0);
  EXPECT_EQ(decision.amount_minor(), 700);
  EXPECT_EQ(decision.amount_max_minor(), policy_.tip_max_minor);
  EXPECT_EQ(decision.count_max(), 9'999);
  EXPECT_EQ(decision.day_total_minor(), 700);
  EXPECT_EQ(decision.day_left_minor(), policy_.day_limit_minor - 700);
  EXPECT_EQ(decision.month_total_minor(), 700);
  EXPECT_EQ(decision.month_left_minor(), policy_.month_limit_minor - 700);
  EXPECT_EQ(decision.policy_version(), 1);
  EXPECT_FALSE(decision.has_retry_time());
  EXPECT_GE(TimeOf(decision.decide_time()), before);
  EXPECT_LE(TimeOf(decision.decide_time()), absl::Now());
  EXPECT_EQ(TimeOf(decision.settle_time()), TimeOf(decision.decide_time()) + absl::Hours(7 * 24));
}

TEST_F(TipCall, AuthorizeTipReplaysItsFirstAnswerByteForByte) {
  const auto request = AuthorizeOf(TipOf("a", 1));
  const std::string first = client().Must(request).SerializeAsString();
  client().Tip(TipOf("b", 1));
  EXPECT_EQ(client().Must(request).SerializeAsString(), first);
  EXPECT_EQ(client().Totals().tips_accepted_count(), 2);
  EXPECT_EQ(client().Totals().accepted_minor(), 2);
}

TEST_F(TipCall, ARejectedTipReplaysToo) {
  auto request = AuthorizeOf(TipOf("a", 1));
  request.mutable_tip()->set_payer_id(999);
  const v1::AuthorizeTipResponse first = client().Must(request);
  EXPECT_EQ(first.decision().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_GT(first.decision().tip_id(), 0);
  client().PutAdult(999);
  EXPECT_EQ(client().Must(request).SerializeAsString(), first.SerializeAsString());
}

TEST_F(TipCall, AKeyWithAnotherPayloadIsRefused) {
  client().Tip(TipOf("a", 1));
  EXPECT_THAT(client().Try(AuthorizeOf(TipOf("a", 2))),
              FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED,
                        "tip.idempotency_key"));
  EXPECT_THAT(
      client().Try(PutPayerOf("a", kPayer, AdultFacts())),
      FailsWith(grpc::StatusCode::ALREADY_EXISTS, v1::ERROR_REASON_KEY_REUSED, "idempotency_key"));
  EXPECT_EQ(client().Totals().accepted_minor(), 1);
}

TEST_F(TipCall, AnIntentOlderThanTheKeyMemoryIsRefused) {
  v1::TipIntent intent = TipOf("a", 1);
  const auto retention = client().Info().idempotency_retention();
  EXPECT_EQ(retention.seconds(), 7 * 24 * 3'600);
  *intent.mutable_create_time() =
      TimestampOf(absl::Now() - absl::Seconds(retention.seconds()) - absl::Minutes(1));
  EXPECT_THAT(client().Try(AuthorizeOf(intent)),
              FailsWith(grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_CREATE_TIME_TOO_OLD,
                        "tip.create_time"));
  *intent.mutable_create_time() =
      TimestampOf(absl::Now() - absl::Seconds(retention.seconds()) + absl::Minutes(1));
  EXPECT_EQ(client().Tip(intent).outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(TipCall, AuthorizeTipsDecidesEachInOrder) {
  v1::AuthorizeTipsRequest request;
  for (int i = 1; i <= 3; ++i) *request.add_tips() = TipOf(absl::StrCat("b", i), i);
  request.mutable_tips(1)->set_payer_id(999);
  *request.add_tips() = request.tips(0);  // The same key twice in one batch.
  *request.add_tips() = TipOf("b1", 5);
  const v1::AuthorizeTipsResponse response = client().Must(request);
  ASSERT_EQ(response.results_size(), 5);
  EXPECT_EQ(response.results(0).decision().day_total_minor(), 1);
  EXPECT_EQ(response.results(1).decision().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(response.results(2).decision().day_total_minor(), 4);
  EXPECT_EQ(response.results(3).SerializeAsString(), response.results(0).SerializeAsString());
  EXPECT_EQ(response.results(4).error().code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(response.results(4).error().reason(), v1::ERROR_REASON_KEY_REUSED);
  EXPECT_EQ(response.results(4).error().field(), "tips[4].idempotency_key");
  EXPECT_EQ(client().Must(request).SerializeAsString(), response.SerializeAsString());
  EXPECT_EQ(client().Totals().accepted_minor(), 4);
}

TEST_F(TipCall, StreamTipsAnswersEachBatchInOrder) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  const auto stream = client().tips().StreamTips(&context);
  for (int i = 0; i < 20; ++i) {
    v1::StreamTipsRequest request;
    *request.add_tips() = TipOf(absl::StrCat("s", i), 1);
    *request.add_tips() = TipOf(absl::StrCat("t", i), 1);
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  v1::StreamTipsResponse response;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    ASSERT_EQ(response.results_size(), 2);
    EXPECT_EQ(response.results(0).decision().day_total_minor(), 2 * i + 1);
    EXPECT_EQ(response.results(1).decision().day_total_minor(), 2 * i + 2);
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
  // The same keys in a unary call: the same decision.
  EXPECT_EQ(client().Tip(TipOf("t19", 1)).SerializeAsString(),
            response.results(1).decision().SerializeAsString());
}

TEST_F(TipCall, CheckTipDecidesAlikeAndCountsNothing) {
  v1::TipIntent intent = TipOf("", 3);
  const v1::TipDecision check = client().Check(intent);
  EXPECT_EQ(client().Totals().tips_accepted_count(), 0);
  intent.set_idempotency_key("a");
  v1::TipDecision decision = client().Tip(intent);
  EXPECT_EQ(check.tip_id(), 0);
  EXPECT_EQ(check.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(check.day_total_minor(), decision.day_total_minor());
  EXPECT_EQ(check.amount_max_minor(), decision.amount_max_minor());
  // A known key does not matter.
  EXPECT_EQ(client().Check(TipOf("a", 4)).day_total_minor(), 7);
  EXPECT_EQ(client().Totals().accepted_minor(), 3);
}

TEST_F(TipCall, GetTipFindsByIdAndByKey) {
  v1::TipIntent intent = TipOf("a", 3);
  *intent.mutable_create_time() =
      TimestampOf(absl::FromUnixMillis(absl::ToUnixMillis(absl::Now())));
  const v1::TipDecision decision = client().Tip(intent);
  const v1::Tip tip = client().Must(ById(decision.tip_id())).tip();
  EXPECT_EQ(tip.intent().SerializeAsString(), intent.SerializeAsString());
  EXPECT_EQ(tip.decision().SerializeAsString(), decision.SerializeAsString());
  EXPECT_EQ(tip.state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(client().Must(ByKey("a")).tip().SerializeAsString(), tip.SerializeAsString());

  intent = TipOf("r", 1);
  intent.set_session_id(999);
  const v1::TipDecision rejected = client().Tip(intent);
  EXPECT_EQ(client().Must(ById(rejected.tip_id())).tip().state(), v1::TIP_STATE_REJECTED);
}

TEST_F(TipCall, GetTipKnowsWhatIsNoTip) {
  const int64_t tip_id = client().Tip(TipOf("a", 1)).tip_id();
  for (const int64_t no_tip : {int64_t{1}, tip_id + 1, tip_id + 1'000'000, INT64_MAX}) {
    EXPECT_EQ(client().Try(ById(no_tip)).error_code(), grpc::StatusCode::NOT_FOUND) << no_tip;
  }
  EXPECT_EQ(client().Try(ByKey("nobody's")).error_code(), grpc::StatusCode::NOT_FOUND);
  // A key, but that of a payer's facts.
  EXPECT_EQ(client().Try(ByKey("key 1")).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(TipCall, ListTipsFiltersAndPages) {
  client().PutAdult(12);
  client().PutStreamer(23);
  client().OpenSession(34, 23);
  std::vector<std::string> of_payer;
  std::vector<std::string> of_session;
  for (int i = 0; i < 10; ++i) {
    v1::TipIntent intent = TipOf(absl::StrCat("k", i), 1);
    if (i % 2 == 0) intent.set_payer_id(12);
    if (i % 3 == 0) intent.set_streamer_id(23), intent.set_session_id(34);
    client().Tip(intent);
    if (i % 2 == 0) of_payer.insert(of_payer.begin(), intent.idempotency_key());
    if (i % 3 == 0) of_session.insert(of_session.begin(), intent.idempotency_key());
  }
  v1::ListTipsRequest request;
  request.set_page_size(2);
  EXPECT_EQ(ListedKeys(request).size(), 10u);
  request.set_payer_id(12);
  EXPECT_EQ(ListedKeys(request), of_payer);
  request.clear_payer_id();
  request.set_streamer_id(23);
  EXPECT_EQ(ListedKeys(request), of_session);
  request.clear_streamer_id();
  request.set_session_id(34);
  EXPECT_EQ(ListedKeys(request), of_session);
  EXPECT_LE(List(request).tips_size(), 2);
}

TEST_F(TipCall, ListTipsOfATimeRangeTakesItsStartAndNotItsEnd) {
  std::vector<v1::TipDecision> decisions;
  while (decisions.size() < 3) {
    const v1::TipDecision decision = client().Tip(TipOf(absl::StrCat("k", client().NewKey()), 1));
    const bool is_later = decisions.empty() ||
                          TimeOf(decision.decide_time()) > TimeOf(decisions.back().decide_time());
    if (is_later) decisions.push_back(decision);
  }
  v1::ListTipsRequest request;
  *request.mutable_start_time() = decisions[1].decide_time();
  *request.mutable_end_time() = decisions[2].decide_time();
  for (const int64_t payer_id : {int64_t{0}, kPayer}) {
    request.set_payer_id(payer_id);
    const v1::ListTipsResponse response = List(request);
    ASSERT_GE(response.tips_size(), 1);
    for (const v1::Tip& tip : response.tips()) {
      EXPECT_EQ(TimeOf(tip.decision().decide_time()), TimeOf(decisions[1].decide_time()));
    }
  }
}

TEST_F(TipCall, ListTipsRefusesATokenOfAnotherList) {
  for (const char* key : {"a", "b", "c"}) client().Tip(TipOf(key, 1));
  v1::ListTipsRequest request;
  request.set_page_size(1);
  request.set_payer_id(kPayer);
  const std::string token = List(request).next_page_token();
  ASSERT_FALSE(token.empty());
  request.set_payer_id(kPayer + 1);
  request.set_page_token(token);
  EXPECT_THAT(client().Try(request), NamesInvalidField("page_token"));
}

}  // namespace
}  // namespace tipgate

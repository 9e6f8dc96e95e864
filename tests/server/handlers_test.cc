#include "server/handlers.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "tests/server/handlers_fixture.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

class Handlers : public HandlersFixture {
 protected:
  // Jobs that have gone through the sequencer.
  int64_t JobsCount() {
    int64_t count = 0;
    for (size_t i = 0; i < LatencyHistogram::kBucketsCount; ++i) {
      count += gate_.stats().queue_ns.CountOf(i);
    }
    return count;
  }
};

TEST_F(Handlers, ARechargeGoesItsWay) {
  const auto held = Recharge("a", 1'000);
  const int64_t id = held.response.decision().recharge_id();
  EXPECT_EQ(held.response.decision().state(), v1::RECHARGE_STATE_HELD);
  const auto captured = Capture("b", id);
  EXPECT_EQ(captured.response.decision().state(), v1::RECHARGE_STATE_CAPTURED);
  EXPECT_EQ(Void("c", id).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(Void("d", 12345).reason(), ErrorReason::kNotFound);
  EXPECT_EQ(Recharge("a", 1'000).bytes, held.bytes);
  EXPECT_EQ(Capture("b", id).bytes, captured.bytes);
}

TEST_F(Handlers, AKeyOfAVoidIsNotThatOfACapture) {
  const int64_t id = Recharge("a", 1'000).response.decision().recharge_id();
  const int64_t other_id = Recharge("b", 1'000).response.decision().recharge_id();
  Void("c", id);
  EXPECT_EQ(Capture("c", id).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(Void("c", other_id).reason(), ErrorReason::kKeyReused);
}

TEST_F(Handlers, FactsWithoutATimeMayBePutAgain) {
  v1::PutPayerRequest request;
  request.set_idempotency_key("a");
  request.set_payer_id(2);
  request.mutable_facts()->set_real_name_verified(true);
  request.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  const auto first = gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request);
  gate_.clock.Advance(absl::Minutes(1));
  const auto again = gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request);
  EXPECT_EQ(again.bytes, first.bytes);
  request.mutable_facts()->set_age_band(v1::AGE_BAND_16_TO_17);
  EXPECT_EQ(gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, request).reason(),
            ErrorReason::kKeyReused);
}

TEST_F(Handlers, APayerTellsFactsAndUsage) {
  Tip("a");
  Recharge("b", 1'000);
  v1::GetPayerRequest request;
  request.set_payer_id(1);
  const auto called = gate_.Call<v1::GetPayerResponse>(gate_.handlers.get_payer, request);
  const v1::Payer& payer = called.response.payer();
  EXPECT_EQ(payer.payer_id(), 1);
  EXPECT_EQ(payer.facts().source(), "idp");
  EXPECT_EQ(payer.facts().age_band(), v1::AGE_BAND_ADULT);
  EXPECT_EQ(payer.update_time().seconds(), gate_.clock.now_ms() / 1000);
  EXPECT_EQ(payer.tip_day().used_minor(), 10'000);
  EXPECT_EQ(payer.tip_day().limit_minor(), 2'000'000);
  EXPECT_EQ(payer.tip_day().left_minor(), 1'990'000);
  EXPECT_EQ(payer.tip_day().origin(), v1::LIMIT_ORIGIN_POLICY);
  EXPECT_EQ(payer.tip_day().reset_time().seconds(), gate_.clock.now_ms() / 1000 + 4 * 3'600);
  EXPECT_EQ(payer.tip_month().used_minor(), 10'000);
  EXPECT_EQ(payer.recharge_day().used_minor(), 1'000);
  EXPECT_EQ(payer.recharge_month().limit_minor(), 5'000'000);
}

TEST_F(Handlers, AUsageStartsAgainAtMidnight) {
  Tip("a");
  gate_.clock.Advance(absl::Hours(4));
  v1::GetPayerRequest request;
  request.set_payer_id(1);
  const auto called = gate_.Call<v1::GetPayerResponse>(gate_.handlers.get_payer, request);
  EXPECT_EQ(called.response.payer().tip_day().used_minor(), 0);
  EXPECT_EQ(called.response.payer().tip_month().used_minor(), 10'000);
}

TEST_F(Handlers, AStreamerTellsFactsAndIncome) {
  Tip("a");
  v1::GetStreamerRequest request;
  request.set_streamer_id(1);
  const auto called = gate_.Call<v1::GetStreamerResponse>(gate_.handlers.get_streamer, request);
  const v1::Streamer& streamer = called.response.streamer();
  EXPECT_EQ(streamer.facts().tier(), "L3");
  EXPECT_EQ(streamer.facts().source(), "idp");
  EXPECT_EQ(streamer.pending_minor(), 10'000);
  EXPECT_EQ(streamer.settled_minor(), 0);
  EXPECT_EQ(streamer.open_session_id(), 1);
  EXPECT_EQ(streamer.sessions_today_count(), 1);
}

TEST_F(Handlers, ASessionTellsWhatItReceivedAndWhenItEnded) {
  Tip("a");
  v1::GetSessionRequest request;
  request.set_session_id(1);
  const auto open = gate_.Call<v1::GetSessionResponse>(gate_.handlers.get_session, request);
  EXPECT_EQ(open.response.session().received_minor(), 10'000);
  EXPECT_EQ(open.response.session().received_max_minor(), 50'000'000);
  EXPECT_FALSE(open.response.session().has_close_time());
  v1::CloseSessionRequest close;
  close.set_idempotency_key("close");
  close.set_session_id(1);
  const auto closed = gate_.Call<v1::CloseSessionResponse>(gate_.handlers.close_session, close);
  const auto again = gate_.Call<v1::CloseSessionResponse>(gate_.handlers.close_session, close);
  EXPECT_EQ(again.bytes, closed.bytes);
  const auto after = gate_.Call<v1::GetSessionResponse>(gate_.handlers.get_session, request);
  EXPECT_EQ(after.response.session().SerializeAsString(),
            closed.response.session().SerializeAsString());
}

TEST_F(Handlers, WhatIsUnknownIsNotFound) {
  v1::GetPayerRequest payer;
  payer.set_payer_id(9);
  EXPECT_EQ(gate_.Call<v1::GetPayerResponse>(gate_.handlers.get_payer, payer).error->message,
            "payer_id: no such payer");
  v1::GetStreamerRequest streamer;
  streamer.set_streamer_id(9);
  EXPECT_EQ(gate_.Call<v1::GetStreamerResponse>(gate_.handlers.get_streamer, streamer).reason(),
            ErrorReason::kNotFound);
  v1::GetSessionRequest session;
  session.set_session_id(9);
  EXPECT_EQ(gate_.Call<v1::GetSessionResponse>(gate_.handlers.get_session, session).reason(),
            ErrorReason::kNotFound);
}

// A call for the state's hash whose answer waits until the test lets go of it.
class HashRpc final : public Rpc {
 public:
  explicit HashRpc(absl::Notification* may_go_on, absl::BlockingCounter* answered)
      : may_go_on_(*may_go_on), answered_(*answered) {}

  bool Parse(google::protobuf::Message* request) override {
    static_cast<v1::GetServerInfoRequest*>(request)->set_include_state_hash(true);
    return true;
  }
  int64_t deadline_ns() const override { return INT64_MAX; }
  std::string identity() const override { return ""; }
  void Reply(const google::protobuf::Message& response) override {
    EXPECT_EQ(static_cast<const v1::GetServerInfoResponse&>(response).state_hash().size(), 32u);
    may_go_on_.WaitForNotification();
    answered_.DecrementCount();
  }
  void Fail(const CallError& error) override { ADD_FAILURE() << error.message; }

 private:
  absl::Notification& may_go_on_;
  absl::BlockingCounter& answered_;
};

// The first one is being answered; the second is made meanwhile, and a third one answers all that
// came during that.
TEST_F(Handlers, OneStateHashAnswersAllThatWaitForIt) {
  constexpr int kCalls = 50;
  absl::Notification may_go_on;
  absl::BlockingCounter answered(kCalls);
  const int64_t jobs_before = JobsCount();
  for (int i = 0; i < kCalls; ++i) {
    gate_.handlers.get_server_info(std::make_unique<HashRpc>(&may_go_on, &answered));
  }
  may_go_on.Notify();
  answered.Wait();
  EXPECT_LE(JobsCount() - jobs_before, 3);
}

TEST_F(Handlers, TheServerTellsWhatItIs) {
  Tip("a");
  v1::GetServerInfoRequest request;
  const auto called =
      gate_.Call<v1::GetServerInfoResponse>(gate_.handlers.get_server_info, request);
  const v1::GetServerInfoResponse& info = called.response;
  EXPECT_EQ(info.version(), "1.2.3");
  EXPECT_EQ(info.format_version(), 4);
  EXPECT_EQ(info.idempotency_retention().seconds(), 5);
  EXPECT_EQ(info.policy_version(), 1);
  EXPECT_EQ(info.time_zone(), "Asia/Shanghai");
  EXPECT_EQ(info.currency(), "CNY");
  EXPECT_EQ(info.journal_sequence(), gate_.journal.Head().sequence);
  EXPECT_EQ(info.chain_head().size(), 64u);
  EXPECT_EQ(info.journal_time().seconds(), gate_.clock.now_ms() / 1000);
  EXPECT_EQ(info.state_hash(), "");
  EXPECT_EQ(info.totals().tips_accepted_count(), 1);
  EXPECT_EQ(info.totals().payers_count(), 1);
  request.set_include_state_hash(true);
  EXPECT_EQ(gate_.Call<v1::GetServerInfoResponse>(gate_.handlers.get_server_info, request)
                .response.state_hash()
                .size(),
            32u);
}

}  // namespace
}  // namespace tipgate

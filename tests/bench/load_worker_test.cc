#include "bench/load_worker.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/mutex.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

// Accepts every tip, until it is told not to.
class FakeTips final : public v1::TipService::Service {
 public:
  grpc::Status AuthorizeTip(grpc::ServerContext*, const v1::AuthorizeTipRequest*,
                            v1::AuthorizeTipResponse* response) override {
    absl::MutexLock lock(&held);
    if (++call_count > call_countmax) return {refusal, "full"};
    response->mutable_decision()->set_outcome(v1::OUTCOME_ACCEPTED);
    return grpc::Status::OK;
  }

  grpc::Status StreamTips(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::StreamTipsResponse, v1::StreamTipsRequest>* stream) override {
    v1::StreamTipsRequest request;
    while (stream->Read(&request)) {
      if (++call_count > call_countmax) return {grpc::StatusCode::INVALID_ARGUMENT, "enough"};
      v1::StreamTipsResponse response;
      for (int i = 0; i < request.tips_size(); ++i) {
        response.add_results()->mutable_decision()->set_outcome(v1::OUTCOME_REJECTED);
      }
      stream->Write(response);
    }
    ++goodbye_count;
    return grpc::Status::OK;
  }

  std::atomic<int64_t> call_countmax{INT64_MAX};
  grpc::StatusCode refusal = grpc::StatusCode::UNAVAILABLE;
  absl::Mutex held;  // While a test holds it, unary calls wait.
  std::atomic<int64_t> call_count{0};
  std::atomic<int64_t> goodbye_count{0};
};

// A fixed number of requests of `batch` tips each.
class CountedTraffic final : public LoadTraffic {
 public:
  CountedTraffic(int64_t message_count, int batch, bool is_stream)
      : left_(message_count), batch_(batch), is_stream_(is_stream) {}

  std::optional<grpc::ByteBuffer> Next() override {
    if (left_-- <= 0) return std::nullopt;
    for (int i = 0; i < batch_; ++i) writer_.Add(1, 1, "", "");
    return writer_.Take();
  }

  absl::StatusOr<TipOutcomes> Read(const grpc::ByteBuffer& reply) override {
    const std::string bytes = Flattened(reply);
    return is_stream_ ? ReadTipsResponse(bytes, batch_) : ReadTipResponse(bytes);
  }

 private:
  int64_t left_;
  const int batch_;
  const bool is_stream_;
  TipRequestWriter writer_;
};

LoadResult RunWorker(const LoadShare& share, LoadTraffic& traffic) {
  AnswerGaps gaps(SteadyNow());
  return LoadWorker(share, traffic, gaps).Run();
}

class LoadWorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&tips_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    address_ = "127.0.0.1:" + std::to_string(port);
  }

  LoadShare Share(bool is_stream, int in_flight_max) {
    LoadShare share;
    share.is_stream = is_stream;
    share.method =
        is_stream ? "/tipgate.v1.TipService/StreamTips" : "/tipgate.v1.TipService/AuthorizeTip";
    share.channels = {grpc::CreateChannel(address_, grpc::InsecureChannelCredentials())};
    share.in_flight_max = in_flight_max;
    share.end_ns = SteadyNow() + 600 * kSecondNs;
    return share;
  }

  FakeTips tips_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(LoadWorkerTest, ClosedLoopEndsWhenThereIsNothingLeftToSend) {
  CountedTraffic traffic(100, 1, false);
  const LoadResult result = RunWorker(Share(false, 8), traffic);
  EXPECT_EQ(result.accepted_count, 100);
  EXPECT_EQ(result.decided_in_time_count, 100);
  EXPECT_EQ(result.error_count, 0);
  EXPECT_EQ(result.latencies.count(), 100);
  EXPECT_EQ(tips_.call_count, 100);
}

TEST_F(LoadWorkerTest, ClosedLoopEndsWithItsTime) {
  CountedTraffic traffic(INT64_MAX, 1, false);
  LoadShare share = Share(false, 4);
  share.end_ns = SteadyNow();
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.accepted_count, tips_.call_count);
  EXPECT_LE(result.accepted_count, 4);
  EXPECT_EQ(result.decided_in_time_count, 0);
}

TEST_F(LoadWorkerTest, FailedCallsAreErrorsAndTheRunGoesOn) {
  tips_.call_countmax = 60;
  CountedTraffic traffic(100, 1, false);
  const LoadResult result = RunWorker(Share(false, 8), traffic);
  EXPECT_EQ(result.accepted_count, 60);
  EXPECT_EQ(result.error_count, 40);
  EXPECT_EQ(result.first_error, "gRPC status 14: full");
  EXPECT_EQ(result.latencies.count(), 60);
}

TEST_F(LoadWorkerTest, ARunWithNothingButFailuresEndsBeforeItsTime) {
  tips_.call_countmax = 0;
  CountedTraffic traffic(INT64_MAX, 1, false);
  const LoadResult result = RunWorker(Share(false, 64), traffic);
  EXPECT_EQ(result.accepted_count, 0);
  EXPECT_GT(result.error_count, 0);
}

TEST_F(LoadWorkerTest, StreamMessagesAreAnsweredAndTheStreamIsClosed) {
  CountedTraffic traffic(50, 10, true);
  LoadShare share = Share(true, 8);
  share.items_per_message = 10;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.rejected_count, 500);
  EXPECT_EQ(result.error_count, 0);
  EXPECT_EQ(result.latencies.count(), 50);
  EXPECT_EQ(tips_.goodbye_count, 1);
}

TEST_F(LoadWorkerTest, ABrokenStreamFailsWhatItDidNotAnswer) {
  tips_.call_countmax = 20;
  CountedTraffic traffic(INT64_MAX, 10, true);
  LoadShare share = Share(true, 8);
  share.items_per_message = 10;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.rejected_count, 200);
  EXPECT_GE(result.error_count, 10);
  EXPECT_LE(result.error_count, 80);
  EXPECT_EQ(result.first_error, "gRPC status 3: enough");
}

TEST_F(LoadWorkerTest, OpenLoopSendsOneMessageAnInterval) {
  CountedTraffic traffic(INT64_MAX, 1, false);
  LoadShare share = Share(false, 4);
  share.start_ns = SteadyNow();
  share.interval_ns = kSecondNs / 1'000;
  share.end_ns = share.start_ns + 20 * share.interval_ns;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.accepted_count, 20);
  EXPECT_EQ(result.unsent_count, 0);
}

// A second too late for all ten of them: they are sent all the same, and each waited for that
// second.
TEST_F(LoadWorkerTest, OpenLoopCountsLatencyFromTheIntendedStart) {
  for (const bool is_stream : {false, true}) {
    CountedTraffic traffic(INT64_MAX, 1, is_stream);
    LoadShare share = Share(is_stream, 1);
    share.end_ns = SteadyNow() - kSecondNs;
    share.interval_ns = kSecondNs / 100;
    share.start_ns = share.end_ns - 10 * share.interval_ns;
    const LoadResult result = RunWorker(share, traffic);
    EXPECT_EQ(result.accepted_count + result.rejected_count, 10);
    EXPECT_EQ(result.decided_in_time_count, 0);
    EXPECT_GE(result.latencies.Quantile(1, 10), absl::Seconds(1));
  }
}

TEST_F(LoadWorkerTest, OpenLoopTellsWhatItNeverSent) {
  CountedTraffic traffic(INT64_MAX, 1, false);
  LoadShare share = Share(false, 1);
  share.end_ns = SteadyNow() - 60 * kSecondNs;
  share.interval_ns = kSecondNs / 10;
  share.start_ns = share.end_ns - kSecondNs;
  share.items_per_message = 3;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.unsent_count, 30);
  EXPECT_EQ(tips_.call_count, 0);
}

TEST_F(LoadWorkerTest, WhatIsRefusedAsOverloadedIsSentAgainInPlaceOfANewMessage) {
  tips_.call_countmax = 0;
  tips_.refusal = grpc::StatusCode::RESOURCE_EXHAUSTED;
  CountedTraffic traffic(1, 1, false);
  LoadShare share = Share(false, 1);
  share.start_ns = SteadyNow();
  share.interval_ns = kSecondNs / 1'000;
  share.end_ns = share.start_ns + 20 * share.interval_ns;
  share.deadline_ns = 60 * kSecondNs;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.overloaded_count, 20);
  EXPECT_EQ(result.error_count, 0);
  EXPECT_EQ(tips_.call_count, 20);
}

// A tenth of a hundred messages and a few.
TEST_F(LoadWorkerTest, RepeatsComeOnTopOfNewMessages) {
  CountedTraffic traffic(90, 1, false);
  LoadShare share = Share(false, 1);
  share.repeat_permille = 100;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.accepted_count, 100);
  EXPECT_EQ(tips_.call_count, 100);
}

// A fake that is held never answers in time.
TEST_F(LoadWorkerTest, ADeadlineThatPassesIsNoErrorAndNoDecision) {
  absl::MutexLock hold(&tips_.held);
  CountedTraffic traffic(INT64_MAX, 1, false);
  LoadShare share = Share(false, 1);
  share.start_ns = SteadyNow();
  share.interval_ns = kSecondNs / 10;
  share.end_ns = share.start_ns + share.interval_ns;
  share.deadline_ns = kSecondNs / 100;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.expired_count, 1);
  EXPECT_EQ(result.accepted_count, 0);
  EXPECT_EQ(result.error_count, 0);
  EXPECT_EQ(result.latencies.count(), 0);
}

// Ten messages whose deadlines have passed long ago.
TEST_F(LoadWorkerTest, WhatFindsNoPlaceBeforeItsDeadlineIsNeverSent) {
  CountedTraffic traffic(INT64_MAX, 1, false);
  LoadShare share = Share(false, 1);
  share.end_ns = SteadyNow() - kSecondNs;
  share.interval_ns = kSecondNs / 100;
  share.start_ns = share.end_ns - 10 * share.interval_ns;
  share.deadline_ns = kSecondNs / 100;
  const LoadResult result = RunWorker(share, traffic);
  EXPECT_EQ(result.unsent_count, 10);
  EXPECT_EQ(tips_.call_count, 0);
}

TEST_F(LoadWorkerTest, SharesRunSideBySideAndAddUp) {
  std::vector<std::unique_ptr<LoadTraffic>> traffics;
  traffics.push_back(std::make_unique<CountedTraffic>(30, 1, false));
  traffics.push_back(std::make_unique<CountedTraffic>(40, 1, false));
  const LoadResult result = RunLoad({Share(false, 4), Share(false, 4)}, traffics);
  EXPECT_EQ(result.accepted_count, 70);
  EXPECT_EQ(result.latencies.count(), 70);
}

}  // namespace
}  // namespace tipgate

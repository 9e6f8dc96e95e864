// Streams of a GrpcServer: order, back-pressure, errors, callers that vanish, and the end.

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "absl/time/clock.h"
#include "server/grpc_server.h"
#include "server/stream_rpc.h"
#include "tests/server/toy_server.h"
#include "tipgate/v1/audit.grpc.pb.h"
#include "tipgate/v1/event.grpc.pb.h"

namespace tipgate {
namespace {

v1::StreamTipsRequest Batch(int64_t payer_id) {
  v1::StreamTipsRequest request;
  request.add_tips()->set_payer_id(payer_id);
  return request;
}

v1::StreamTipsResponse BatchResponse(int64_t tip_id) {
  v1::StreamTipsResponse response;
  response.add_results()->mutable_decision()->set_tip_id(tip_id);
  return response;
}

class GrpcStream : public ::testing::Test {
 protected:
  using Stream = grpc::ClientReaderWriter<v1::StreamTipsRequest, v1::StreamTipsResponse>;

  ~GrpcStream() override {
    if (stream_ != nullptr) context_.TryCancel();
  }

  Stream& Open() {
    stub_ = v1::TipService::NewStub(toy_.Connect());
    stream_ = stub_->StreamTips(&context_);
    return *stream_;
  }

  static int64_t ReadId(Stream& stream) {
    v1::StreamTipsResponse response;
    return stream.Read(&response) ? response.results(0).decision().tip_id() : 0;
  }

  ToyServer toy_;
  grpc::ClientContext context_;
  std::unique_ptr<v1::TipService::Stub> stub_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(GrpcStream, EachMessageIsAnsweredInOrder) {
  Stream& stream = Open();
  std::thread writer([&] {
    for (int64_t id = 1; id <= 1'000; ++id) ASSERT_TRUE(stream.Write(Batch(id)));
    stream.WritesDone();
  });
  for (int64_t id = 1; id <= 1'000; ++id) ASSERT_EQ(ReadId(stream), id);
  EXPECT_EQ(ReadId(stream), 0);
  writer.join();
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_F(GrpcStream, AnswersLeaveInOrderHoweverTheyAreMade) {
  toy_.HoldTips();
  Stream& stream = Open();
  for (int64_t id = 1; id <= 3; ++id) ASSERT_TRUE(stream.Write(Batch(id)));
  const std::unique_ptr<Rpc> first = toy_.held().Take();
  const std::unique_ptr<Rpc> second = toy_.held().Take();
  const std::unique_ptr<Rpc> third = toy_.held().Take();
  third->Reply(BatchResponse(3));
  first->Reply(BatchResponse(1));
  second->Reply(BatchResponse(2));
  for (int64_t id = 1; id <= 3; ++id) EXPECT_EQ(ReadId(stream), id);
  stream.WritesDone();
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_F(GrpcStream, NoMoreThanSoManyMessagesAreInWork) {
  constexpr int kMax = static_cast<int>(kStreamMessagesMax);
  toy_.HoldTips();
  Stream& stream = Open();
  for (int64_t id = 1; id <= 20; ++id) ASSERT_TRUE(stream.Write(Batch(id)));
  ASSERT_TRUE(toy_.held().AwaitCount(kMax));
  EXPECT_FALSE(toy_.held().AwaitCount(kMax + 1, absl::Milliseconds(50)));
  toy_.held().Take()->Reply(BatchResponse(1));
  EXPECT_TRUE(toy_.held().AwaitCount(kMax + 1));
  for (int64_t id = 2; id <= 20; ++id) toy_.held().Take()->Reply(BatchResponse(id));
  for (int64_t id = 1; id <= 20; ++id) EXPECT_EQ(ReadId(stream), id);
}

TEST_F(GrpcStream, NoMoreThanSoManyBytesAreInWork) {
  toy_.HoldTips();
  Stream& stream = Open();
  v1::StreamTipsRequest large = Batch(1);
  large.mutable_tips(0)->set_idempotency_key(std::string(kStreamBytesMax * 2 / 3, 'k'));
  std::thread writer([&] {
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(stream.Write(large));
  });
  ASSERT_TRUE(toy_.held().AwaitCount(2));
  EXPECT_FALSE(toy_.held().AwaitCount(3, absl::Milliseconds(50)));
  for (int64_t id = 1; id <= 4; ++id) toy_.held().Take()->Reply(BatchResponse(id));
  for (int64_t id = 1; id <= 4; ++id) EXPECT_EQ(ReadId(stream), id);
  writer.join();
}

TEST_F(GrpcStream, ACallerWhoDoesNotReadIsNotReadEither) {
  constexpr int kMessages = 100;
  // More than what lies on the way, in gRPC and in the kernel.
  constexpr int kAnswersOnTheWayMax = 40;
  toy_.HoldTips();
  Stream& stream = Open();
  for (int64_t id = 1; id <= kMessages; ++id) ASSERT_TRUE(stream.Write(Batch(id)));
  stream.WritesDone();
  std::thread answerer([&] {
    for (int64_t id = 1; id <= kMessages; ++id) {
      v1::StreamTipsResponse large = BatchResponse(id);
      large.add_results()->mutable_error()->set_message(std::string(1 << 20, 'x'));
      toy_.held().Take()->Reply(large);
    }
  });
  EXPECT_FALSE(toy_.held().AwaitCount(kAnswersOnTheWayMax, absl::Milliseconds(300)));
  for (int64_t id = 1; id <= kMessages; ++id) ASSERT_EQ(ReadId(stream), id);
  answerer.join();
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_F(GrpcStream, AnErrorEndsTheStreamAfterTheAnswersBeforeIt) {
  toy_.HoldTips();
  Stream& stream = Open();
  for (int64_t id = 1; id <= 3; ++id) ASSERT_TRUE(stream.Write(Batch(id)));
  const std::unique_ptr<Rpc> first = toy_.held().Take();
  const std::unique_ptr<Rpc> second = toy_.held().Take();
  const std::unique_ptr<Rpc> third = toy_.held().Take();
  second->Fail({.reason = ErrorReason::kOverloaded, .field = "", .message = "back off"});
  third->Reply(BatchResponse(3));
  first->Reply(BatchResponse(1));
  EXPECT_EQ(ReadId(stream), 1);
  EXPECT_EQ(ReadId(stream), 0);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_OVERLOADED);
}

TEST_F(GrpcStream, OneStreamTooManyIsRefusedUntilOneEnds) {
  const auto is_served = [](Stream& stream) {
    return stream.Write(Batch(1)) && ReadId(stream) == 1;
  };
  Stream& first = Open();
  ASSERT_TRUE(is_served(first));
  grpc::ClientContext contexts[3];
  const auto second = stub_->StreamTips(&contexts[0]);
  ASSERT_TRUE(is_served(*second));
  EXPECT_EQ(toy_.tip_streams_count().load(), 2);
  const auto third = stub_->StreamTips(&contexts[1]);
  EXPECT_FALSE(is_served(*third));
  const grpc::Status status = third->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_CAPACITY_REACHED);
  second->WritesDone();
  EXPECT_TRUE(second->Finish().ok());
  while (toy_.tip_streams_count().load() > 1) std::this_thread::yield();
  const auto fourth = stub_->StreamTips(&contexts[2]);
  EXPECT_TRUE(is_served(*fourth));
  contexts[2].TryCancel();
}

TEST_F(GrpcStream, AMalformedMessageEndsTheStream) {
  Stream& stream = Open();
  ASSERT_TRUE(stream.Write(Batch(1)));
  ASSERT_TRUE(stream.Write(v1::StreamTipsRequest()));
  EXPECT_EQ(ReadId(stream), 1);
  EXPECT_EQ(ReadId(stream), 0);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(InfoOf(status).field(), "tips");
}

TEST_F(GrpcStream, AnswersToACallerWhoIsGoneAreThrownAway) {
  toy_.HoldTips();
  Stream& stream = Open();
  for (int64_t id = 1; id <= 3; ++id) ASSERT_TRUE(stream.Write(Batch(id)));
  ASSERT_TRUE(toy_.held().AwaitCount(3));
  context_.TryCancel();
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
  for (int64_t id = 1; id <= 3; ++id) toy_.held().Take()->Reply(BatchResponse(id));
  toy_.server().Drain();
}

TEST_F(GrpcStream, MessagesThatAreDroppedEndTheStreamAsUnavailable) {
  toy_.HoldTips();
  Stream& stream = Open();
  ASSERT_TRUE(stream.Write(Batch(1)));
  toy_.held().Take().reset();
  EXPECT_EQ(ReadId(stream), 0);
  EXPECT_EQ(InfoOf(stream.Finish()).reason(), v1::ERROR_REASON_STOPPING);
}

TEST_F(GrpcStream, DrainEndsAStreamAfterItsAnswers) {
  toy_.HoldTips();
  Stream& stream = Open();
  ASSERT_TRUE(stream.Write(Batch(1)));
  std::unique_ptr<Rpc> rpc = toy_.held().Take();
  std::thread drainer([&] { toy_.server().Drain(); });
  rpc->Reply(BatchResponse(1));
  EXPECT_EQ(ReadId(stream), 1);
  EXPECT_EQ(ReadId(stream), 0);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_STOPPING);
  drainer.join();
}

TEST_F(GrpcStream, DrainEndsAnIdleStream) {
  Stream& stream = Open();
  ASSERT_TRUE(stream.Write(Batch(1)));
  EXPECT_EQ(ReadId(stream), 1);
  std::thread drainer([&] { toy_.server().Drain(); });
  EXPECT_EQ(ReadId(stream), 0);
  EXPECT_EQ(InfoOf(stream.Finish()).reason(), v1::ERROR_REASON_STOPPING);
  drainer.join();
}

class GrpcWatch : public ::testing::Test {
 protected:
  using Reader = grpc::ClientReader<v1::WatchEventsResponse>;

  explicit GrpcWatch(const ToyOptions& options = {}) : toy_(options) {}

  std::unique_ptr<Reader> Watch(grpc::ClientContext* context) {
    v1::WatchEventsRequest request;
    request.set_cursor("here");
    return stub_->WatchEvents(context, request);
  }

  // The status that a stream ends with.
  static grpc::Status End(Reader& reader) {
    v1::WatchEventsResponse response;
    while (reader.Read(&response)) {
    }
    return reader.Finish();
  }

  // False if it has not within a minute.
  static bool BecomesTrue(const std::function<bool()>& condition) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    while (!condition()) {
      if (absl::Now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  ToyServer toy_;
  std::unique_ptr<v1::EventService::Stub> stub_ = v1::EventService::NewStub(toy_.Connect());
};

TEST_F(GrpcWatch, SendsResponsesUntilTheGateStops) {
  grpc::ClientContext context;
  const auto reader = Watch(&context);
  v1::WatchEventsResponse response;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.cursor(), "here");
  std::thread drainer([&] { toy_.server().Drain(); });
  EXPECT_EQ(InfoOf(End(*reader)).reason(), v1::ERROR_REASON_STOPPING);
  drainer.join();
}

TEST_F(GrpcWatch, OneWatcherTooManyIsRefused) {
  grpc::ClientContext context;
  const auto reader = Watch(&context);
  v1::WatchEventsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(toy_.watchers_count().load(), 1);
  grpc::ClientContext second_context;
  const grpc::Status status = End(*Watch(&second_context));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_CAPACITY_REACHED);
  context.TryCancel();
  End(*reader);
}

TEST_F(GrpcWatch, AWatcherWhoIsGoneMakesRoom) {
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    const auto reader = Watch(&context);
    v1::WatchEventsResponse response;
    ASSERT_TRUE(reader->Read(&response));
    context.TryCancel();
    End(*reader);
    while (toy_.watchers_count().load() > 0) std::this_thread::yield();
  }
}

TEST_F(GrpcWatch, OneBackupIsMadeAtATime) {
  const auto audit = v1::AuditService::NewStub(toy_.Connect());
  grpc::ClientContext context;
  const auto reader = audit->CreateBackup(&context, v1::CreateBackupRequest());
  v1::CreateBackupResponse response;
  ASSERT_TRUE(reader->Read(&response));
  grpc::ClientContext second_context;
  const auto second = audit->CreateBackup(&second_context, v1::CreateBackupRequest());
  EXPECT_FALSE(second->Read(&response));
  EXPECT_EQ(InfoOf(second->Finish()).reason(), v1::ERROR_REASON_OVERLOADED);
  context.TryCancel();
  while (reader->Read(&response)) {
  }
  reader->Finish();
}

TEST_F(GrpcWatch, TheJournalIsVerifiedOnceAtATime) {
  const auto audit = v1::AuditService::NewStub(toy_.Connect());
  grpc::ClientContext context;
  const auto reader = audit->VerifyJournal(&context, v1::VerifyJournalRequest());
  v1::VerifyJournalResponse response;
  ASSERT_TRUE(reader->Read(&response));
  grpc::ClientContext second_context;
  const auto second = audit->VerifyJournal(&second_context, v1::VerifyJournalRequest());
  EXPECT_FALSE(second->Read(&response));
  const grpc::Status status = second->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_OVERLOADED);
  context.TryCancel();
  while (reader->Read(&response)) {
  }
  reader->Finish();
}

// Streams of a server that is short of patience; responses of which a connection holds few.
class GrpcStuckStream : public GrpcWatch {
 protected:
  GrpcStuckStream() : GrpcWatch({.write_time_max = absl::Seconds(1)}) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // else it holds more and more
    channel_ =
        grpc::CreateCustomChannel(toy_.address(), grpc::InsecureChannelCredentials(), arguments);
    stub_ = v1::EventService::NewStub(channel_);
  }

  std::unique_ptr<Reader> WatchLarge(grpc::ClientContext* context) {
    v1::WatchEventsRequest request;
    request.set_cursor(std::string(50'000, 'c'));
    return stub_->WatchEvents(context, request);
  }

  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(GrpcStuckStream, AWatcherWhoTakesNothingMakesRoom) {
  grpc::ClientContext context;
  const auto silent = WatchLarge(&context);
  v1::WatchEventsResponse response;
  ASSERT_TRUE(silent->Read(&response));
  EXPECT_TRUE(BecomesTrue([&] { return toy_.watchers_count().load() == 0; }));
  grpc::ClientContext other_context;
  const auto other = WatchLarge(&other_context);
  EXPECT_TRUE(other->Read(&response));
  other_context.TryCancel();
  End(*other);
  EXPECT_EQ(End(*silent).error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(GrpcStuckStream, AVerificationThatNobodyReadsMakesRoom) {
  const auto audit = v1::AuditService::NewStub(channel_);
  v1::VerifyJournalResponse response;
  grpc::ClientContext context;
  const auto silent = audit->VerifyJournal(&context, v1::VerifyJournalRequest());
  ASSERT_TRUE(silent->Read(&response));
  EXPECT_TRUE(BecomesTrue([&] {
    grpc::ClientContext other_context;
    const auto other = audit->VerifyJournal(&other_context, v1::VerifyJournalRequest());
    const bool has_begun = other->Read(&response);
    other_context.TryCancel();
    while (other->Read(&response)) {
    }
    other->Finish();
    return has_begun;
  }));
  context.TryCancel();
  while (silent->Read(&response)) {
  }
  silent->Finish();
}

// One response at a time, for much longer than one may take.
TEST_F(GrpcStuckStream, AWatcherWhoIsSlowStays) {
  grpc::ClientContext context;
  const auto reader = WatchLarge(&context);
  v1::WatchEventsResponse response;
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(reader->Read(&response)) << i;
    EXPECT_FALSE(toy_.held().AwaitCount(1, absl::Milliseconds(50)));
  }
  context.TryCancel();
  End(*reader);
}

TEST_F(GrpcWatch, ACallerWhoStopsReadingDoesNotHoldUpTheEnd) {
  grpc::ClientContext context;
  const auto reader = Watch(&context);
  v1::WatchEventsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  context.TryCancel();
  toy_.server().Drain();
  End(*reader);
}

}  // namespace
}  // namespace tipgate

#include "server/grpc_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/server/toy_server.h"
#include "tipgate/v1/audit.grpc.pb.h"
#include "tipgate/v1/event.grpc.pb.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/policy_service.grpc.pb.h"
#include "tipgate/v1/recharge.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

grpc::Status Authorize(v1::TipService::Stub& stub, int64_t payer_id,
                       v1::AuthorizeTipResponse* response) {
  grpc::ClientContext context;
  v1::AuthorizeTipRequest request;
  request.mutable_tip()->set_payer_id(payer_id);
  return stub.AuthorizeTip(&context, request, response);
}

TEST(GrpcServer, AnswersUnaryCalls) {
  ToyServer toy;
  const auto stub = v1::TipService::NewStub(toy.Connect());
  for (int64_t payer_id = 1; payer_id <= 100; ++payer_id) {
    v1::AuthorizeTipResponse response;
    ASSERT_TRUE(Authorize(*stub, payer_id, &response).ok());
    ASSERT_EQ(response.decision().tip_id(), payer_id);
  }
}

TEST(GrpcServer, AnswersABurstOfManyCallers) {
  constexpr int kCallers = 16;
  constexpr int64_t kCalls = 200;
  ToyServer toy;
  std::atomic<int64_t> answers{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const auto stub = v1::TipService::NewStub(toy.Connect());
      for (int64_t call = 1; call <= kCalls; ++call) {
        const int64_t payer_id = i * kCalls + call;
        v1::AuthorizeTipResponse response;
        const grpc::Status status = Authorize(*stub, payer_id, &response);
        EXPECT_TRUE(status.ok()) << "call " << call << ": " << status.error_message();
        if (response.decision().tip_id() == payer_id) answers.fetch_add(1);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(answers.load(), kCallers * kCalls);
}

// Calls a method that is held, and answers with an empty response of its type.
template <typename Stub, typename Request, typename Response>
void CheckReachesItsHandler(ToyServer& toy, Stub& stub,
                            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                         Response*)) {
  std::thread answerer([&] {
    const std::unique_ptr<Rpc> rpc = toy.held().Take();
    Request request;
    if (rpc->Parse(&request)) rpc->Reply(Response());
  });
  grpc::ClientContext context;
  Response response;
  const grpc::Status status = (stub.*method)(&context, Request(), &response);
  EXPECT_TRUE(status.ok()) << Request::descriptor()->name() << ": " << status.error_message();
  answerer.join();
}

TEST(GrpcServer, EveryUnaryMethodReachesAHandler) {
  ToyServer toy;
  const auto channel = toy.Connect();
  const auto tip = v1::TipService::NewStub(channel);
  CheckReachesItsHandler(toy, *tip, &v1::TipService::Stub::AuthorizeTips);
  CheckReachesItsHandler(toy, *tip, &v1::TipService::Stub::CheckTip);
  CheckReachesItsHandler(toy, *tip, &v1::TipService::Stub::GetTip);
  CheckReachesItsHandler(toy, *tip, &v1::TipService::Stub::ListTips);
  const auto recharge = v1::RechargeService::NewStub(channel);
  CheckReachesItsHandler(toy, *recharge, &v1::RechargeService::Stub::AuthorizeRecharge);
  CheckReachesItsHandler(toy, *recharge, &v1::RechargeService::Stub::CaptureRecharge);
  CheckReachesItsHandler(toy, *recharge, &v1::RechargeService::Stub::VoidRecharge);
  const auto payer = v1::PayerService::NewStub(channel);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::PutPayer);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::GetPayer);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::PausePayer);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::SetSelfLimits);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::StartConfirmation);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::CompleteConfirmation);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::FreezePayer);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::UnfreezePayer);
  CheckReachesItsHandler(toy, *payer, &v1::PayerService::Stub::StartCoolingOff);
  const auto streamer = v1::StreamerService::NewStub(channel);
  CheckReachesItsHandler(toy, *streamer, &v1::StreamerService::Stub::PutStreamer);
  CheckReachesItsHandler(toy, *streamer, &v1::StreamerService::Stub::GetStreamer);
  CheckReachesItsHandler(toy, *streamer, &v1::StreamerService::Stub::SanctionStreamer);
  CheckReachesItsHandler(toy, *streamer, &v1::StreamerService::Stub::LiftSanction);
  const auto policy = v1::PolicyService::NewStub(channel);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::EmergencyStop);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::LiftStop);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::ListStops);
  const auto session = v1::SessionService::NewStub(channel);
  CheckReachesItsHandler(toy, *session, &v1::SessionService::Stub::OpenSession);
  CheckReachesItsHandler(toy, *session, &v1::SessionService::Stub::CloseSession);
  CheckReachesItsHandler(toy, *session, &v1::SessionService::Stub::GetSession);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::ProposePolicy);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::ValidatePolicy);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::ApprovePolicy);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::WithdrawProposal);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::RollBackPolicy);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::ListPolicies);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::GetPolicy);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::PutGifts);
  CheckReachesItsHandler(toy, *policy, &v1::PolicyService::Stub::ListGifts);
  const auto audit = v1::AuditService::NewStub(channel);
  CheckReachesItsHandler(toy, *audit, &v1::AuditService::Stub::GetServerInfo);
  CheckReachesItsHandler(toy, *audit, &v1::AuditService::Stub::ListRejectionCodes);
  CheckReachesItsHandler(toy, *audit, &v1::AuditService::Stub::ListBackups);
}

TEST(GrpcServer, TextThatIsNotUtf8IsAnErrorThatNamesTheField) {
  ToyServer toy;
  std::string response;
  const grpc::Status status = CallRaw(toy.Connect(), "/tipgate.v1.TipService/AuthorizeTip",
                                      "\x0a\x04\x0a\x02\xff\xfe", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(InfoOf(status).field(), "tip.idempotency_key");
}

TEST(GrpcServer, GarbageIsAnError) {
  ToyServer toy;
  std::string response;
  const grpc::Status status = CallRaw(toy.Connect(), "/tipgate.v1.TipService/AuthorizeTip",
                                      std::string(1000, '\xff'), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(GrpcServer, TooLargeMessagesAreRefused) {
  ToyServer toy;
  std::string response;
  const grpc::Status status = CallRaw(toy.Connect(), "/tipgate.v1.TipService/AuthorizeTip",
                                      std::string(2 << 20, 'x'), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(status.error_message(), "the message must have at most 1048576 bytes, had 2097152");
}

TEST(GrpcServer, FarTooLargeMessagesAreRefusedByGrpc) {
  ToyServer toy;
  std::string response;
  const grpc::Status status = CallRaw(toy.Connect(), "/tipgate.v1.TipService/AuthorizeTip",
                                      std::string((4 << 20) + 1, 'x'), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(GrpcServer, CompressedMessagesAreRefused) {
  ToyServer toy;
  const auto stub = v1::TipService::NewStub(toy.Connect());
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::AuthorizeTipRequest request;
    request.mutable_tip()->set_idempotency_key(std::string(1'000, 'k'));
    v1::AuthorizeTipResponse response;
    EXPECT_EQ(stub->AuthorizeTip(&context, request, &response).error_code(),
              grpc::StatusCode::UNIMPLEMENTED);
  }
}

// GetTip calls that are begun, and whose replies are not read before the end of this.
class SilentCaller {
 public:
  // Without probes for bandwidth a connection holds 64 KiB of replies that nobody reads.
  explicit SilentCaller(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    stub_ = v1::TipService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }
  ~SilentCaller() {
    for (const auto& call : calls_) call->context.TryCancel();
    for (const auto& call : calls_)
      call->reader->Finish(&call->response, &call->status, call.get());
    void* tag = nullptr;
    bool is_ok = false;
    for (size_t i = 0; i < 2 * calls_.size(); ++i) queue_.Next(&tag, &is_ok);
  }

  void Call() {
    calls_.push_back(std::make_unique<PendingCall>());
    PendingCall& call = *calls_.back();
    call.reader = stub_->AsyncGetTip(&call.context, v1::GetTipRequest(), &queue_);
    call.reader->ReadInitialMetadata(&call);  // else nothing is sent
  }

 private:
  struct PendingCall {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::GetTipResponse>> reader;
    v1::GetTipResponse response;
    grpc::Status status;
  };

  grpc::CompletionQueue queue_;
  std::unique_ptr<v1::TipService::Stub> stub_;
  std::vector<std::unique_ptr<PendingCall>> calls_;
};

v1::GetTipResponse LargeReply() {
  v1::GetTipResponse response;
  response.mutable_tip()->mutable_intent()->set_idempotency_key(std::string(1 << 20, 'k'));
  return response;
}

TEST(GrpcServer, RepliesThatNobodyTakesAreBoundedAndTheirRoomComesBack) {
  ToyServer toy({.unsent_bytes_max = 4 << 20});
  const auto stub = v1::TipService::NewStub(toy.Connect());
  v1::AuthorizeTipResponse response;
  {
    SilentCaller silent(toy.address());
    for (int i = 0; i < 4; ++i) {
      ASSERT_TRUE(Authorize(*stub, 1, &response).ok());
      silent.Call();
      toy.held().Take()->Reply(LargeReply());
    }
    const grpc::Status status = Authorize(*stub, 1, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_OVERLOADED);
    EXPECT_EQ(toy.overloads().value(), 1);
  }
  while (toy.unsent_bytes().load() > 0) std::this_thread::yield();
  EXPECT_TRUE(Authorize(*stub, 1, &response).ok());
}

// Whoever takes nothing loses its replies after a while, though it stays.
TEST(GrpcServer, RepliesThatNobodyTakesDoNotKeepOthersOutForLong) {
  ToyServer toy({.unsent_bytes_max = 4 << 20});
  const auto stub = v1::TipService::NewStub(toy.Connect());
  SilentCaller silent(toy.address());
  for (int i = 0; i < 4; ++i) {
    silent.Call();
    toy.held().Take()->Reply(LargeReply());
  }
  const absl::Time end = absl::Now() + kUnsentTimeMax + absl::Minutes(1);
  v1::AuthorizeTipResponse response;
  while (!Authorize(*stub, 1, &response).ok()) ASSERT_LT(absl::Now(), end);
}

TEST(GrpcServer, HandlersSeeTheDeadline) {
  ToyServer toy;
  const auto stub = v1::TipService::NewStub(toy.Connect());
  for (const bool has_deadline : {true, false}) {
    const auto deadline = std::chrono::system_clock::now() + std::chrono::minutes(5);
    std::thread answerer([&] {
      const std::unique_ptr<Rpc> rpc = toy.held().Take();
      const int64_t expected_ns =
          std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
      if (has_deadline) {
        EXPECT_NEAR(static_cast<double>(rpc->deadline_ns()), static_cast<double>(expected_ns), 5e9);
      } else {
        EXPECT_EQ(rpc->deadline_ns(), INT64_MAX);
      }
      rpc->Reply(v1::GetTipResponse());
    });
    grpc::ClientContext context;
    if (has_deadline) context.set_deadline(deadline);
    v1::GetTipResponse response;
    EXPECT_TRUE(stub->GetTip(&context, v1::GetTipRequest(), &response).ok());
    answerer.join();
  }
}

TEST(GrpcServer, ARequestThatIsDroppedFailsAsUnavailable) {
  ToyServer toy;
  const auto stub = v1::TipService::NewStub(toy.Connect());
  std::thread dropper([&] { toy.held().Take().reset(); });
  grpc::ClientContext context;
  v1::GetTipResponse response;
  const grpc::Status status = stub->GetTip(&context, v1::GetTipRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(InfoOf(status).reason(), v1::ERROR_REASON_STOPPING);
  dropper.join();
}

TEST(GrpcServer, AnswersToCallersThatAreGoneAreThrownAway) {
  ToyServer toy;
  const auto stub = v1::TipService::NewStub(toy.Connect());
  grpc::ClientContext context;
  std::thread caller([&] {
    v1::GetTipResponse response;
    EXPECT_EQ(stub->GetTip(&context, v1::GetTipRequest(), &response).error_code(),
              grpc::StatusCode::CANCELLED);
  });
  const std::unique_ptr<Rpc> rpc = toy.held().Take();
  context.TryCancel();
  caller.join();
  rpc->Reply(v1::GetTipResponse());
  toy.server().Drain();
}

TEST(GrpcServer, StandardProbesAndToolsFindIt) {
  ToyServer toy;
  std::string health;
  ASSERT_TRUE(CallRaw(toy.Connect(), "/grpc.health.v1.Health/Check", "", &health).ok());
  EXPECT_EQ(health, "\x08\x01");  // SERVING
  std::string of_service;
  const std::string name = "tipgate.v1.TipService";
  const std::string request =
      absl::StrCat("\x0a", std::string(1, static_cast<char>(name.size())), name);
  ASSERT_TRUE(CallRaw(toy.Connect(), "/grpc.health.v1.Health/Check", request, &of_service).ok());
  EXPECT_EQ(of_service, "\x08\x01");
  std::string services;
  const grpc::Status status =
      CallRaw(toy.Connect(), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
              "\x3a\x01*", &services);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(services, HasSubstr("tipgate.v1.EventService"));
}

GrpcServer::Options OptionsFor(const std::string& address, std::atomic<int64_t>* count) {
  return {.address = address,
          .grpc_threads = 1,
          .message_bytes_max = 1 << 20,
          .tip_streams_max = 1,
          .watchers_max = 1,
          .unsent_replies = {.bytes = count},
          .tip_streams_count = count,
          .watchers_count = count};
}

TEST(GrpcServer, AnAddressInUseIsAnErrorThatNamesIt) {
  ToyServer toy;
  std::atomic<int64_t> count{0};
  const auto second = GrpcServer::Listen(OptionsFor(toy.address(), &count), {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(toy.address()));
}

TEST(GrpcServer, CallsThatComeBeforeItServesWait) {
  std::atomic<int64_t> count{0};
  GrpcServer::Handlers handlers;
  handlers.authorize_tip = [](std::unique_ptr<Rpc> rpc) { rpc->Reply(ToyResponse(7)); };
  const auto server = *GrpcServer::Listen(OptionsFor("127.0.0.1:0", &count), handlers);
  const auto channel =
      grpc::CreateChannel(server->bound_address(), grpc::InsecureChannelCredentials());
  v1::AuthorizeTipResponse response;
  std::thread caller(
      [&] { EXPECT_TRUE(Authorize(*v1::TipService::NewStub(channel), 1, &response).ok()); });
  server->Serve();
  caller.join();
  EXPECT_EQ(response.decision().tip_id(), 7);
}

TEST(GrpcServer, OneThatNeverServedGivesItsAddressBack) {
  std::atomic<int64_t> count{0};
  auto first = *GrpcServer::Listen(OptionsFor("127.0.0.1:0", &count), {});
  const std::string address = first->bound_address();
  first.reset();
  EXPECT_TRUE(GrpcServer::Listen(OptionsFor(address, &count), {}).ok());
}

TEST(GrpcServer, AMalformedAddressIsAnErrorThatNamesIt) {
  std::atomic<int64_t> count{0};
  const auto server = GrpcServer::Listen(OptionsFor("localhost", &count), {});
  EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("\"localhost\""));
}

TEST(GrpcServer, DrainAnswersWhatIsInWorkAndTakesNothingNew) {
  ToyServer toy;
  const auto stub = v1::TipService::NewStub(toy.Connect());
  std::thread caller([&] {
    grpc::ClientContext context;
    v1::GetTipResponse response;
    EXPECT_TRUE(stub->GetTip(&context, v1::GetTipRequest(), &response).ok());
  });
  std::unique_ptr<Rpc> rpc = toy.held().Take();
  std::atomic<bool> is_drained{false};
  std::thread drainer([&] {
    toy.server().Drain();
    is_drained.store(true);
  });
  // Refused from some moment on: until then calls are answered.
  grpc::Status status;
  while (status.ok()) {
    v1::AuthorizeTipResponse response;
    status = Authorize(*stub, 1, &response);
  }
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_FALSE(is_drained.load());
  rpc->Reply(v1::GetTipResponse());
  rpc.reset();
  drainer.join();
  caller.join();
}

}  // namespace
}  // namespace tipgate

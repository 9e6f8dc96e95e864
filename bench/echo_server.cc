#include "bench/echo_server.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/echo_response.h"

namespace tipgate {
namespace {

using Tips = v1::TipService::AsyncService;
using Payers = v1::PayerService::AsyncService;
using Streamers = v1::StreamerService::AsyncService;
using Sessions = v1::SessionService::AsyncService;

using TipCall = EchoUnaryCall<Tips, v1::AuthorizeTipRequest, v1::AuthorizeTipResponse,
                              &Tips::RequestAuthorizeTip, &FillTip>;
using TipsCall = EchoUnaryCall<Tips, v1::AuthorizeTipsRequest, v1::AuthorizeTipsResponse,
                               &Tips::RequestAuthorizeTips,
                               &FillTips<v1::AuthorizeTipsRequest, v1::AuthorizeTipsResponse>>;
using PayerCall = EchoUnaryCall<Payers, v1::PutPayerRequest, v1::PutPayerResponse,
                                &Payers::RequestPutPayer, &FillPayer>;
using StreamerCall = EchoUnaryCall<Streamers, v1::PutStreamerRequest, v1::PutStreamerResponse,
                                   &Streamers::RequestPutStreamer, &FillStreamer>;
using SessionCall = EchoUnaryCall<Sessions, v1::OpenSessionRequest, v1::OpenSessionResponse,
                                  &Sessions::RequestOpenSession, &FillSession>;

// Calls of each kind that one queue works on at a time; further ones wait inside gRPC.
constexpr int kCallsPerQueue = 256;
// As large as the gate's default.
constexpr int kMessageBytesMax = 4 << 20;

[[noreturn]] void ServeQueue(grpc::ServerCompletionQueue* queue) {
  for (;;) {
    void* tag = nullptr;
    bool is_ok = false;
    queue->Next(&tag, &is_ok);  // Always true: the queue is never shut down.
    static_cast<EchoCall*>(tag)->OnEvent(is_ok);
  }
}

}  // namespace

absl::Status EchoServer::Listen(const std::string& listen_address, int thread_count) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen_address, grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.RegisterService(&tips_);
  builder.RegisterService(&payers_);
  builder.RegisterService(&streamers_);
  builder.RegisterService(&sessions_);
  for (int i = 0; i < thread_count; ++i) queues_.push_back(builder.AddCompletionQueue());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", listen_address));
  }
  address_ = absl::StrCat(listen_address.substr(0, listen_address.rfind(':')), ":", port);
  for (auto& queue : queues_) AddCalls(queue.get());
  return absl::OkStatus();
}

void EchoServer::AddCalls(grpc::ServerCompletionQueue* queue) {
  for (int i = 0; i < kCallsPerQueue; ++i) {
    calls_.push_back(std::make_unique<TipCall>(&tips_, queue));
    calls_.push_back(std::make_unique<TipsCall>(&tips_, queue));
    calls_.push_back(std::make_unique<EchoStreamCall>(&tips_, queue));
    calls_.push_back(std::make_unique<PayerCall>(&payers_, queue));
    calls_.push_back(std::make_unique<StreamerCall>(&streamers_, queue));
    calls_.push_back(std::make_unique<SessionCall>(&sessions_, queue));
  }
}

void EchoServer::Serve() {
  for (size_t i = 1; i < queues_.size(); ++i) {
    std::thread(ServeQueue, queues_[i].get()).detach();  // Ends with the process, like this one.
  }
  ServeQueue(queues_[0].get());
}

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/echo_call.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {

// An empty service: it speaks the gate's API over gRPC and decides nothing. Each tip is answered
// with one and the same accepted decision, at once, out of reused messages, so that what is left to
// measure is gRPC and Protobuf alone. It also says yes to the calls that a load generator makes
// beforehand (PutPayer, PutStreamer, OpenSession).
class EchoServer {
 public:
  // `listen_address` is host:port; port 0 takes a free one. There will be `thread_count` threads
  // with a completion queue each. Call once.
  absl::Status Listen(const std::string& listen_address, int thread_count);

  // Where it listens, host:port.
  const std::string& address() const { return address_; }

  // Serves until the process ends.
  [[noreturn]] void Serve();

 private:
  void AddCalls(grpc::ServerCompletionQueue* queue);

  std::string address_;
  v1::TipService::AsyncService tips_;
  v1::PayerService::AsyncService payers_;
  v1::StreamerService::AsyncService streamers_;
  v1::SessionService::AsyncService sessions_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::unique_ptr<EchoCall>> calls_;
};

}  // namespace tipgate

#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <deque>
#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "server/grpc_server.h"
#include "tipgate/v1/error.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {

// Requests that wait until the test answers them. Any thread.
class HeldRpcs {
 public:
  void Add(std::unique_ptr<Rpc> rpc);
  // The oldest one; waits for it.
  std::unique_ptr<Rpc> Take();
  // Waits until so many have come since the beginning. False if they did not within a minute, or
  // `patience`.
  bool AwaitCount(int count, absl::Duration patience = absl::Minutes(1));

 private:
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Rpc>> rpcs_ ABSL_GUARDED_BY(mutex_);
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

// How a ToyServer differs from the real one.
struct ToyOptions {
  int64_t watchers_max = 1;
  int64_t health_watches_max = kHealthWatchesMax;
  int64_t reflection_streams_max = kReflectionStreamsMax;
  absl::Duration write_time_max = kVerifyWriteTimeMax;
  int64_t unsent_bytes_max = kUnsentReplyBytesMax;
  IdentitySource identity_source = IdentitySource::kNone;
};

// A GrpcServer on a free port whose handlers do as little as possible: AuthorizeTip and StreamTips
// answer at once with the payer's id as the tip's id; all other unary calls are held; WatchEvents
// and VerifyJournal go on until they are not open any more. Two StreamTips may be open.
class ToyServer {
 public:
  explicit ToyServer(const ToyOptions& options = {});

  GrpcServer& server() { return *server_; }
  const std::string& address() const { return server_->bound_address(); }
  HeldRpcs& held() { return held_; }
  std::atomic<int64_t>& tip_streams_count() { return tip_streams_count_; }
  const std::atomic<int64_t>& unsent_bytes() const { return unsent_bytes_; }
  const SharedCounter& overloads() const { return overloads_; }
  std::atomic<int64_t>& watchers_count() { return watchers_count_; }

  // A connection of its own each.
  std::shared_ptr<grpc::Channel> Connect() const;

  // Makes AuthorizeTip and StreamTips hold their requests too.
  void HoldTips() { holds_tips_.store(true); }

 private:
  GrpcServer::Handlers MakeHandlers();

  HeldRpcs held_;
  std::atomic<bool> holds_tips_{false};
  std::atomic<int64_t> tip_streams_count_{0};
  std::atomic<int64_t> watchers_count_{0};
  std::atomic<int64_t> unsent_bytes_{0};
  SharedCounter overloads_;
  SharedCounter connections_refused_;
  std::unique_ptr<GrpcServer> server_;
};

// Fills the response that answers a tip of this payer.
v1::AuthorizeTipResponse ToyResponse(int64_t payer_id);

// A unary call of raw bytes.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* response);

// What programs find in the details of an error.
v1::ErrorInfo InfoOf(const grpc::Status& status);

}  // namespace tipgate

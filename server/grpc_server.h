#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/call_registry.h"
#include "server/connection_listener.h"
#include "server/identity.h"
#include "server/response_stream.h"
#include "server/response_stream_call.h"
#include "server/rpc.h"
#include "server/standard_services.h"
#include "server/stats.h"
#include "server/stream_rpc.h"
#include "server/unary_rpc.h"
#include "server/unsent_replies.h"

namespace tipgate {

// How long a stream of responses may wait for its caller to make room for one more. gRPC's clients
// make room half a window at a time, which may be 4 MiB: in 10 minutes that is the pace of one who
// takes 15 events a second. Progress of a verification is so little that who leaves it no room has
// read none of it for minutes.
inline constexpr absl::Duration kWatchWriteTimeMax = absl::Minutes(10);
inline constexpr absl::Duration kVerifyWriteTimeMax = absl::Minutes(1);

// Takes the calls of the contract from the network and hands each to its handler; the standard
// services too. A few threads, each with a completion queue of its own. Owner's thread only,
// but for SetServing.
class GrpcServer {
 public:
  // Who takes each call. Unary ones and the messages of StreamTips: called on a gRPC thread.
  struct Handlers {
    RpcHandler authorize_tip;
    RpcHandler authorize_tips;
    RpcHandler stream_tips;
    RpcHandler check_tip;
    RpcHandler get_tip;
    RpcHandler list_tips;
    RpcHandler capture_tip;
    RpcHandler void_tip;
    RpcHandler refund_tip;
    RpcHandler authorize_recharge;
    RpcHandler capture_recharge;
    RpcHandler void_recharge;
    RpcHandler check_recharge;
    RpcHandler refund_recharge;
    RpcHandler get_recharge;
    RpcHandler put_payer;
    RpcHandler get_payer;
    RpcHandler pause_payer;
    RpcHandler set_self_limits;
    RpcHandler set_preferences;
    RpcHandler start_confirmation;
    RpcHandler complete_confirmation;
    RpcHandler freeze_payer;
    RpcHandler unfreeze_payer;
    RpcHandler start_cooling_off;
    RpcHandler put_streamer;
    RpcHandler get_streamer;
    RpcHandler sanction_streamer;
    RpcHandler lift_sanction;
    RpcHandler freeze_income;
    RpcHandler release_income;
    RpcHandler refund_tips;
    RpcHandler get_income_job;
    RpcHandler get_agency;
    RpcHandler list_income_jobs;
    RpcHandler delay_income;
    RpcHandler open_session;
    RpcHandler close_session;
    RpcHandler get_session;
    RpcHandler emergency_stop;
    RpcHandler lift_stop;
    RpcHandler list_stops;
    RpcHandler propose_policy;
    RpcHandler validate_policy;
    RpcHandler approve_policy;
    RpcHandler withdraw_proposal;
    RpcHandler roll_back_policy;
    RpcHandler list_policies;
    RpcHandler get_policy;
    RpcHandler put_gifts;
    RpcHandler list_gifts;
    RpcHandler get_server_info;
    RpcHandler list_rejection_codes;
    RpcHandler list_backups;
    ResponseStreamHandler watch_events;
    ResponseStreamHandler verify_journal;
    ResponseStreamHandler create_backup;
  };

  struct Options {
    std::string address;
    int grpc_threads = 1;
    int message_bytes_max = 0;
    int64_t tip_streams_max = 0;
    int64_t watchers_max = 0;
    int64_t health_watches_max = kHealthWatchesMax;
    int64_t reflection_streams_max = kReflectionStreamsMax;
    absl::Duration watch_write_time_max = kWatchWriteTimeMax;
    absl::Duration verify_write_time_max = kVerifyWriteTimeMax;  // of a backup too
    IdentitySource identity_source = IdentitySource::kNone;
    // A connection is refused when its descriptor would be this one or above.
    int connection_files_max = std::numeric_limits<int>::max();
    // Kept up to date; outlive the server.
    SharedCounter* connections_refused = nullptr;
    UnsentReplies::Options unsent_replies;
    // Whether a call to decide on tips with this deadline is refused as overload, before it is
    // parsed. Null: none is.
    std::function<bool(int64_t deadline_ns)> is_overloaded = nullptr;
    std::atomic<int64_t>* tip_streams_count = nullptr;
    std::atomic<int64_t>* watchers_count = nullptr;
  };

  // Takes the address; who connects waits until Serve. INVALID_ARGUMENT: the address is
  // malformed. FAILED_PRECONDITION: it cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Listen(const Options& options,
                                                            const Handlers& handlers);

  // Hands calls to their handlers from now on. Once.
  void Serve();

  // Drains, if that was not done.
  ~GrpcServer();

  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // Where it listens, host:port, with the port that was taken.
  const std::string& bound_address() const { return bound_address_; }

  // What health says of every service, SERVING at first. Any thread; too late once it drains.
  void SetServing(bool is_serving);

  // Ends: health says NOT_SERVING, new calls are refused, streams end after the answers to what
  // they have sent. Calls that are not done after a while are cancelled. Returns once every call
  // has been answered by its handler.
  void Drain();

 private:
  // The contract's services; every method is raw, so that we parse.
  struct Services;

  GrpcServer(const Options& options, const Handlers& handlers);

  absl::Status Bind();
  void AcceptConnections();
  void AddMethods(const Handlers& handlers);
  void AddPaymentMethods(const Handlers& handlers);
  void AddPeopleMethods(const Handlers& handlers);
  void AddOperationMethods(const Handlers& handlers);
  void AddStreamMethods(const Handlers& handlers);
  void Add(std::vector<UnaryMethod> methods);
  void ListenOn(grpc::ServerCompletionQueue* queue);

  const Options options_;
  std::atomic<int64_t> verifications_count_{0};
  std::atomic<int64_t> backups_count_{0};  // that are being made
  UnsentReplies unsent_replies_;
  CallRegistry registry_;
  StandardServices standard_;
  const std::unique_ptr<Services> services_;
  std::vector<UnaryMethod> unary_methods_;
  std::vector<StreamMethod> stream_methods_;
  std::vector<ResponseStreamMethod> response_stream_methods_;
  std::unique_ptr<ConnectionListener> listener_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::vector<std::thread> threads_;
  std::string bound_address_;
};

}  // namespace tipgate

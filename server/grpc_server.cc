#include "server/grpc_server.h"

#include <google/protobuf/stubs/logging.h>

#include <array>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/completion.h"
#include "server/config.h"
#include "server/raw_service.h"
#include "server/thread.h"
#include "tipgate/v1/audit.grpc.pb.h"
#include "tipgate/v1/event.grpc.pb.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/policy_service.grpc.pb.h"
#include "tipgate/v1/recharge.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

// Calls of each method that a queue waits for at a time; more than that at once wait a moment
// inside gRPC.
constexpr int kCallsWaitedFor = 16;
// How long calls may take to end before they are cancelled.
constexpr int kDrainGraceMs = 10'000;
// gRPC 1.51 ends a call that arrives while it shuts down as CANCELLED, which no caller's retry
// policy repeats. So callers get this long to heed UNAVAILABLE, until none has come for so long as
// silence.
constexpr absl::Duration kSilence = absl::Milliseconds(100);
constexpr absl::Duration kSilenceGrace = absl::Seconds(2);
// A connection whose other end does not answer a ping, or takes nothing of what is sent, for so
// long is closed, and its streams with it. gRPC 1.51 cannot close a connection while a write to it
// is under way, also not by cancelling: so a stopped client must be cut off within the grace, or
// the drain waits for it.
constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 8'000;
static_assert(kKeepaliveTimeoutMs < kDrainGraceMs);
// Who connects and does not begin to speak HTTP/2 within this time is cut off.
constexpr int kHandshakeTimeoutMs = 10'000;
// Calls that one connection may have under way.
constexpr int kStreamsMax = 1'000;
// What gRPC may buffer for all connections together; beyond it, it takes no more calls.
constexpr size_t kTransportBytesMax = size_t{1} << 30;
// What a connection may send before the gate has taken what came before. gRPC's own measure grows
// with the wait, to many MB: when more comes than the gate can take, calls then wait in the
// network, unseen, beyond their deadlines. So much every 10 ms is still 12 MB/s for a far caller.
constexpr int kWindowBytes = 128 << 10;
// A message up to so many times the maximum is read, and refused with a reason; gRPC itself ends
// the call of a larger one.
constexpr int kOversizeFactor = 4;
// Clients may look after their connections this often.
constexpr int kClientPingIntervalMs = 10'000;

using Tip = v1::TipService;
using Recharge = v1::RechargeService;
using RawTipService = RawServiceOf<Tip::Service, Tip::WithRawMethod_AuthorizeTip,
                                   Tip::WithRawMethod_AuthorizeTips, Tip::WithRawMethod_StreamTips,
                                   Tip::WithRawMethod_CheckTip, Tip::WithRawMethod_GetTip,
                                   Tip::WithRawMethod_ListTips, Tip::WithRawMethod_CaptureTip,
                                   Tip::WithRawMethod_VoidTip, Tip::WithRawMethod_RefundTip>::Type;
using RawRechargeService =
    RawServiceOf<Recharge::Service, Recharge::WithRawMethod_AuthorizeRecharge,
                 Recharge::WithRawMethod_CaptureRecharge, Recharge::WithRawMethod_VoidRecharge,
                 Recharge::WithRawMethod_CheckRecharge, Recharge::WithRawMethod_RefundRecharge,
                 Recharge::WithRawMethod_GetRecharge>::Type;
using Payer = v1::PayerService;
using RawPayerService =
    RawServiceOf<Payer::Service, Payer::WithRawMethod_PutPayer, Payer::WithRawMethod_GetPayer,
                 Payer::WithRawMethod_PausePayer, Payer::WithRawMethod_SetSelfLimits,
                 Payer::WithRawMethod_SetPreferences, Payer::WithRawMethod_StartConfirmation,
                 Payer::WithRawMethod_CompleteConfirmation, Payer::WithRawMethod_FreezePayer,
                 Payer::WithRawMethod_UnfreezePayer, Payer::WithRawMethod_StartCoolingOff>::Type;
using RawStreamerService = RawServiceOf<
    v1::StreamerService::Service, v1::StreamerService::WithRawMethod_PutStreamer,
    v1::StreamerService::WithRawMethod_GetStreamer,
    v1::StreamerService::WithRawMethod_SanctionStreamer,
    v1::StreamerService::WithRawMethod_LiftSanction,
    v1::StreamerService::WithRawMethod_FreezeIncome,
    v1::StreamerService::WithRawMethod_ReleaseIncome, v1::StreamerService::WithRawMethod_RefundTips,
    v1::StreamerService::WithRawMethod_GetIncomeJob, v1::StreamerService::WithRawMethod_GetAgency,
    v1::StreamerService::WithRawMethod_ListIncomeJobs,
    v1::StreamerService::WithRawMethod_DelayIncome>::Type;
using RawSessionService =
    RawServiceOf<v1::SessionService::Service, v1::SessionService::WithRawMethod_OpenSession,
                 v1::SessionService::WithRawMethod_CloseSession,
                 v1::SessionService::WithRawMethod_GetSession>::Type;
using PolicyCalls = v1::PolicyService;
using RawPolicyService =
    RawServiceOf<PolicyCalls::Service, PolicyCalls::WithRawMethod_ProposePolicy,
                 PolicyCalls::WithRawMethod_ValidatePolicy,
                 PolicyCalls::WithRawMethod_ApprovePolicy,
                 PolicyCalls::WithRawMethod_WithdrawProposal,
                 PolicyCalls::WithRawMethod_RollBackPolicy, PolicyCalls::WithRawMethod_ListPolicies,
                 PolicyCalls::WithRawMethod_GetPolicy, PolicyCalls::WithRawMethod_PutGifts,
                 PolicyCalls::WithRawMethod_ListGifts, PolicyCalls::WithRawMethod_EmergencyStop,
                 PolicyCalls::WithRawMethod_LiftStop, PolicyCalls::WithRawMethod_ListStops>::Type;
using RawEventService = v1::EventService::WithRawMethod_WatchEvents<v1::EventService::Service>;
using RawAuditService =
    RawServiceOf<v1::AuditService::Service, v1::AuditService::WithRawMethod_VerifyJournal,
                 v1::AuditService::WithRawMethod_GetServerInfo,
                 v1::AuditService::WithRawMethod_ListRejectionCodes,
                 v1::AuditService::WithRawMethod_CreateBackup,
                 v1::AuditService::WithRawMethod_ListBackups>::Type;

// Runs what the queue gives back until it is shut down and empty.
void ServeQueue(grpc::ServerCompletionQueue* queue) {
  void* tag = nullptr;
  bool is_ok = false;
  while (queue->Next(&tag, &is_ok)) static_cast<Completion*>(tag)->Run(is_ok);
}

// Of the libraries below, for the whole process.
void SetUpLibraries() {
  google::protobuf::SetLogHandler(nullptr);  // what a caller sends wrong is told to the caller
#ifdef NDEBUG
  // Debian's Abseil is built to look for cycles of locks, under a lock that all threads share; gRPC
  // takes dozens of locks a call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

void SetUpTransport(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kClientPingIntervalMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsMax);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
  // gRPC 1.51 inflates a message before it looks at its size, and a megabyte inflates to a
  // gigabyte: so none may be compressed. Calls that say theirs are end as UNIMPLEMENTED, unread.
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder->SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
  grpc::ResourceQuota quota("tipgate");
  quota.Resize(kTransportBytesMax);
  builder->SetResourceQuota(quota);
}

template <auto kRequest, typename Service>
UnaryMethod Unary(Service* service, const RpcHandler& handler) {
  return {.ask = AskForCall<kRequest>(service), .handler = handler};
}

}  // namespace

struct GrpcServer::Services {
  RawTipService tip;
  RawRechargeService recharge;
  RawPayerService payer;
  RawStreamerService streamer;
  RawSessionService session;
  RawPolicyService policy;
  RawEventService event;
  RawAuditService audit;

  std::array<grpc::Service*, 8> all() {
    return {&tip, &recharge, &payer, &streamer, &session, &policy, &event, &audit};
  }

  static std::vector<std::string> Names() {
    return {v1::TipService::service_full_name(),     v1::RechargeService::service_full_name(),
            v1::PayerService::service_full_name(),   v1::StreamerService::service_full_name(),
            v1::SessionService::service_full_name(), v1::PolicyService::service_full_name(),
            v1::EventService::service_full_name(),   v1::AuditService::service_full_name()};
  }
};

GrpcServer::GrpcServer(const Options& options, const Handlers& handlers)
    : options_(options),
      unsent_replies_(options.unsent_replies),
      standard_({.health_watches_max = options.health_watches_max,
                 .reflection_streams_max = options.reflection_streams_max,
                 .message_bytes_max = options.message_bytes_max},
                Services::Names()),
      services_(std::make_unique<Services>()) {
  AddMethods(handlers);
}

GrpcServer::~GrpcServer() { Drain(); }

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Listen(const Options& options,
                                                               const Handlers& handlers) {
  if (!IsListenAddress(options.address)) {
    return absl::InvalidArgumentError(absl::StrCat("gRPC cannot listen on \"", options.address,
                                                   "\": expected ", kListenAddressExpected));
  }
  std::unique_ptr<GrpcServer> server(new GrpcServer(options, handlers));
  if (absl::Status status = server->Bind(); !status.ok()) return status;
  return server;
}

absl::Status GrpcServer::Bind() {
  absl::StatusOr<std::unique_ptr<ConnectionListener>> listener =
      ConnectionListener::Listen(options_.address, kKeepaliveTimeoutMs);
  if (!listener.ok()) {
    return absl::FailedPreconditionError(absl::StrCat("gRPC cannot listen on ", options_.address,
                                                      ": ", listener.status().message()));
  }
  listener_ = *std::move(listener);
  bound_address_ =
      absl::StrCat(options_.address.substr(0, options_.address.rfind(':')), ":", listener_->port());
  SetUpLibraries();
  grpc::ServerBuilder builder;
  SetUpTransport(&builder);
  builder.SetMaxReceiveMessageSize(options_.message_bytes_max * kOversizeFactor);
  using ConnectionType = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      ConnectionType::FROM_FD, grpc::InsecureServerCredentials());
  for (grpc::Service* service : services_->all()) builder.RegisterService(service);
  for (grpc::Service* service : standard_.grpc_services()) builder.RegisterService(service);
  for (int i = 0; i < options_.grpc_threads; ++i) queues_.push_back(builder.AddCompletionQueue());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return absl::FailedPreconditionError("gRPC cannot start");
  return absl::OkStatus();
}

void GrpcServer::Serve() {
  for (const auto& queue : queues_) {
    ListenOn(queue.get());
    threads_.emplace_back([queue = queue.get()] {
      NameThread("grpc");
      ServeQueue(queue);
    });
  }
  SetServing(true);
  AcceptConnections();
}

void GrpcServer::AcceptConnections() {
  listener_->Start(
      {.files_max = options_.connection_files_max, .refused = options_.connections_refused},
      [this](int fd) {
        grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
        connection.fd = fd;
        acceptor_->HandleNewConnection(&connection);
      });
}

void GrpcServer::ListenOn(grpc::ServerCompletionQueue* queue) {
  standard_.ListenOn(queue);
  for (int i = 0; i < kCallsWaitedFor; ++i) {
    for (const UnaryMethod& method : unary_methods_) ListenForUnary(&method, queue, &registry_);
  }
  for (const StreamMethod& method : stream_methods_) ListenForStream(&method, queue, &registry_);
  for (const ResponseStreamMethod& method : response_stream_methods_) {
    ListenForResponseStream(&method, queue, &registry_);
  }
}

void GrpcServer::AddMethods(const Handlers& handlers) {
  AddPaymentMethods(handlers);
  AddPeopleMethods(handlers);
  AddOperationMethods(handlers);
  AddStreamMethods(handlers);
}

void GrpcServer::AddPaymentMethods(const Handlers& handlers) {
  Services& services = *services_;
  // Those that come in masses, and are refused in masses when they are too many.
  UnaryMethod authorize_tip =
      Unary<&RawTipService::RequestAuthorizeTip>(&services.tip, handlers.authorize_tip);
  UnaryMethod authorize_tips =
      Unary<&RawTipService::RequestAuthorizeTips>(&services.tip, handlers.authorize_tips);
  authorize_tip.is_overloaded = options_.is_overloaded;
  authorize_tips.is_overloaded = options_.is_overloaded;
  Add({std::move(authorize_tip), std::move(authorize_tips)});
  Add({
      Unary<&RawTipService::RequestCheckTip>(&services.tip, handlers.check_tip),
      Unary<&RawTipService::RequestGetTip>(&services.tip, handlers.get_tip),
      Unary<&RawTipService::RequestListTips>(&services.tip, handlers.list_tips),
      Unary<&RawTipService::RequestCaptureTip>(&services.tip, handlers.capture_tip),
      Unary<&RawTipService::RequestVoidTip>(&services.tip, handlers.void_tip),
      Unary<&RawTipService::RequestRefundTip>(&services.tip, handlers.refund_tip),
      Unary<&RawRechargeService::RequestAuthorizeRecharge>(&services.recharge,
                                                           handlers.authorize_recharge),
      Unary<&RawRechargeService::RequestCaptureRecharge>(&services.recharge,
                                                         handlers.capture_recharge),
      Unary<&RawRechargeService::RequestVoidRecharge>(&services.recharge, handlers.void_recharge),
      Unary<&RawRechargeService::RequestCheckRecharge>(&services.recharge, handlers.check_recharge),
      Unary<&RawRechargeService::RequestRefundRecharge>(&services.recharge,
                                                        handlers.refund_recharge),
      Unary<&RawRechargeService::RequestGetRecharge>(&services.recharge, handlers.get_recharge),
  });
}

void GrpcServer::AddPeopleMethods(const Handlers& handlers) {
  Services& services = *services_;
  Add({
      Unary<&RawPayerService::RequestPutPayer>(&services.payer, handlers.put_payer),
      Unary<&RawPayerService::RequestGetPayer>(&services.payer, handlers.get_payer),
      Unary<&RawPayerService::RequestPausePayer>(&services.payer, handlers.pause_payer),
      Unary<&RawPayerService::RequestSetSelfLimits>(&services.payer, handlers.set_self_limits),
      Unary<&RawPayerService::RequestSetPreferences>(&services.payer, handlers.set_preferences),
      Unary<&RawPayerService::RequestStartConfirmation>(&services.payer,
                                                        handlers.start_confirmation),
      Unary<&RawPayerService::RequestCompleteConfirmation>(&services.payer,
                                                           handlers.complete_confirmation),
      Unary<&RawPayerService::RequestFreezePayer>(&services.payer, handlers.freeze_payer),
      Unary<&RawPayerService::RequestUnfreezePayer>(&services.payer, handlers.unfreeze_payer),
      Unary<&RawPayerService::RequestStartCoolingOff>(&services.payer, handlers.start_cooling_off),
      Unary<&RawStreamerService::RequestPutStreamer>(&services.streamer, handlers.put_streamer),
      Unary<&RawStreamerService::RequestGetStreamer>(&services.streamer, handlers.get_streamer),
      Unary<&RawStreamerService::RequestSanctionStreamer>(&services.streamer,
                                                          handlers.sanction_streamer),
      Unary<&RawStreamerService::RequestLiftSanction>(&services.streamer, handlers.lift_sanction),
      Unary<&RawStreamerService::RequestFreezeIncome>(&services.streamer, handlers.freeze_income),
      Unary<&RawStreamerService::RequestReleaseIncome>(&services.streamer, handlers.release_income),
      Unary<&RawStreamerService::RequestRefundTips>(&services.streamer, handlers.refund_tips),
      Unary<&RawStreamerService::RequestGetIncomeJob>(&services.streamer, handlers.get_income_job),
      Unary<&RawStreamerService::RequestGetAgency>(&services.streamer, handlers.get_agency),
      Unary<&RawStreamerService::RequestListIncomeJobs>(&services.streamer,
                                                        handlers.list_income_jobs),
      Unary<&RawStreamerService::RequestDelayIncome>(&services.streamer, handlers.delay_income),
      Unary<&RawSessionService::RequestOpenSession>(&services.session, handlers.open_session),
      Unary<&RawSessionService::RequestCloseSession>(&services.session, handlers.close_session),
      Unary<&RawSessionService::RequestGetSession>(&services.session, handlers.get_session),
  });
}

void GrpcServer::AddOperationMethods(const Handlers& handlers) {
  Services& services = *services_;
  Add({
      Unary<&RawPolicyService::RequestEmergencyStop>(&services.policy, handlers.emergency_stop),
      Unary<&RawPolicyService::RequestLiftStop>(&services.policy, handlers.lift_stop),
      Unary<&RawPolicyService::RequestListStops>(&services.policy, handlers.list_stops),
      Unary<&RawPolicyService::RequestProposePolicy>(&services.policy, handlers.propose_policy),
      Unary<&RawPolicyService::RequestValidatePolicy>(&services.policy, handlers.validate_policy),
      Unary<&RawPolicyService::RequestApprovePolicy>(&services.policy, handlers.approve_policy),
      Unary<&RawPolicyService::RequestWithdrawProposal>(&services.policy,
                                                        handlers.withdraw_proposal),
      Unary<&RawPolicyService::RequestRollBackPolicy>(&services.policy, handlers.roll_back_policy),
      Unary<&RawPolicyService::RequestListPolicies>(&services.policy, handlers.list_policies),
      Unary<&RawPolicyService::RequestGetPolicy>(&services.policy, handlers.get_policy),
      Unary<&RawPolicyService::RequestPutGifts>(&services.policy, handlers.put_gifts),
      Unary<&RawPolicyService::RequestListGifts>(&services.policy, handlers.list_gifts),
      Unary<&RawAuditService::RequestGetServerInfo>(&services.audit, handlers.get_server_info),
      Unary<&RawAuditService::RequestListRejectionCodes>(&services.audit,
                                                         handlers.list_rejection_codes),
      Unary<&RawAuditService::RequestListBackups>(&services.audit, handlers.list_backups),
  });
}

void GrpcServer::Add(std::vector<UnaryMethod> methods) {
  for (UnaryMethod& method : methods) unary_methods_.push_back(std::move(method));
}

void GrpcServer::AddStreamMethods(const Handlers& handlers) {
  Services& services = *services_;
  stream_methods_ = {
      {.ask = AskForStream<&RawTipService::RequestStreamTips>(&services.tip),
       .handler = handlers.stream_tips,
       .limit = {.count = options_.tip_streams_count,
                 .max = options_.tip_streams_max,
                 .refusal = {.reason = ErrorReason::kCapacityReached,
                             .field = "",
                             .message = "as many tip streams are open as tip_streams_max allows"}}},
  };
  response_stream_methods_ = {
      {.ask = AskForCall<&RawEventService::RequestWatchEvents>(&services.event),
       .handler = handlers.watch_events,
       .limit = {.count = options_.watchers_count,
                 .max = options_.watchers_max,
                 .refusal = {.reason = ErrorReason::kCapacityReached,
                             .field = "",
                             .message = "there are as many watchers as watchers_max allows"}},
       .write_time_max = options_.watch_write_time_max},
      {.ask = AskForCall<&RawAuditService::RequestVerifyJournal>(&services.audit),
       .handler = handlers.verify_journal,
       .limit = {.count = &verifications_count_,
                 .max = 1,
                 .refusal = {.reason = ErrorReason::kOverloaded,
                             .field = "",
                             .message = "the journal is being verified already; one at a time"}},
       .write_time_max = options_.verify_write_time_max},
      {.ask = AskForCall<&RawAuditService::RequestCreateBackup>(&services.audit),
       .handler = handlers.create_backup,
       .limit = {.count = &backups_count_,
                 .max = 1,
                 .refusal = {.reason = ErrorReason::kOverloaded,
                             .field = "",
                             .message = "a backup is being made already; one at a time"}},
       .write_time_max = options_.verify_write_time_max},
  };
  for (auto& method : unary_methods_) {
    method.unsent = &unsent_replies_;
    method.message_bytes_max = options_.message_bytes_max;
    method.identity_source = options_.identity_source;
  }
  for (auto& method : stream_methods_) {
    method.message_bytes_max = options_.message_bytes_max;
    method.identity_source = options_.identity_source;
  }
  for (auto& method : response_stream_methods_) {
    method.message_bytes_max = options_.message_bytes_max;
  }
}

void GrpcServer::SetServing(bool is_serving) { standard_.health().SetServing(is_serving); }

void GrpcServer::Drain() {
  if (queues_.empty()) return;
  if (server_ != nullptr) {
    standard_.health().Shutdown();
    registry_.Drain();
    registry_.AwaitNone(
        absl::Milliseconds(kDrainGraceMs));  // new calls are still taken, and told to come again
    registry_.AwaitSilence(kSilence, kSilenceGrace);
    standard_.Drain();
    standard_.AwaitNone(kSilenceGrace);
    listener_->Stop();  // before gRPC ends, which would lose the descriptors
    server_->Shutdown(std::chrono::system_clock::now());  // at once: that ends calls as UNAVAILABLE
    registry_.AwaitNone(absl::InfiniteDuration());
    standard_.AwaitNone(absl::InfiniteDuration());
  }
  for (const auto& queue : queues_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
  if (threads_.empty()) {
    for (const auto& queue : queues_)
      ServeQueue(queue.get());  // a queue must be empty before it goes
  }
  threads_.clear();
  server_.reset();
  queues_.clear();
}

}  // namespace tipgate

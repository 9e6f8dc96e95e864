#include "tests/server/toy_server.h"

#include <utility>
#include <vector>

#include "core/check.h"
#include "server/error_status.h"
#include "tipgate/v1/audit.pb.h"
#include "tipgate/v1/event.pb.h"

namespace tipgate {
namespace {

constexpr int kMessageBytesMax = 1 << 20;

void AnswerTip(Rpc& rpc) {
  v1::AuthorizeTipRequest request;
  if (!rpc.Parse(&request)) return;
  rpc.Reply(ToyResponse(request.tip().payer_id()));
}

void AnswerBatch(Rpc& rpc) {
  v1::StreamTipsRequest request;
  if (!rpc.Parse(&request)) return;
  if (request.tips_size() == 0) {
    rpc.Fail({.reason = ErrorReason::kInvalidField, .field = "tips", .message = "tips: too few"});
    return;
  }
  v1::StreamTipsResponse response;
  for (const v1::TipIntent& tip : request.tips()) {
    response.add_results()->mutable_decision()->set_tip_id(tip.payer_id());
  }
  rpc.Reply(response);
}

std::optional<CallError> WatchUntilClosed(ResponseStream& stream) {
  v1::WatchEventsRequest request;
  if (auto error = stream.Parse(&request); error.has_value()) return error;
  v1::WatchEventsResponse response;
  response.set_cursor(request.cursor());
  while (stream.Write(response)) {
  }
  return StoppingError();
}

std::optional<CallError> VerifyUntilClosed(ResponseStream& stream) {
  v1::VerifyJournalResponse response;
  response.set_chain_head(std::string(10'000, 'h'));
  while (stream.Write(response)) {
  }
  return StoppingError();
}

std::optional<CallError> BackUpUntilClosed(ResponseStream& stream) {
  while (stream.Write(v1::CreateBackupResponse())) {
  }
  return StoppingError();
}

}  // namespace

void HeldRpcs::Add(std::unique_ptr<Rpc> rpc) {
  absl::MutexLock lock(&mutex_);
  rpcs_.push_back(std::move(rpc));
  ++count_;
}

std::unique_ptr<Rpc> HeldRpcs::Take() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](std::deque<std::unique_ptr<Rpc>>* rpcs) { return !rpcs->empty(); }, &rpcs_));
  std::unique_ptr<Rpc> rpc = std::move(rpcs_.front());
  rpcs_.pop_front();
  return rpc;
}

bool HeldRpcs::AwaitCount(int count, absl::Duration patience) {
  const auto has_come = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ >= count; };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&has_come), patience);
}

ToyServer::ToyServer(const ToyOptions& options) {
  auto server = GrpcServer::Listen({.address = "127.0.0.1:0",
                                    .grpc_threads = 2,
                                    .message_bytes_max = kMessageBytesMax,
                                    .tip_streams_max = 2,
                                    .watchers_max = options.watchers_max,
                                    .health_watches_max = options.health_watches_max,
                                    .reflection_streams_max = options.reflection_streams_max,
                                    .watch_write_time_max = options.write_time_max,
                                    .verify_write_time_max = options.write_time_max,
                                    .identity_source = options.identity_source,
                                    .connections_refused = &connections_refused_,
                                    .unsent_replies = {.bytes_max = options.unsent_bytes_max,
                                                       .bytes = &unsent_bytes_,
                                                       .refusals = &overloads_},
                                    .tip_streams_count = &tip_streams_count_,
                                    .watchers_count = &watchers_count_},
                                   MakeHandlers());
  TIPGATE_CHECK(server.ok());
  server_ = *std::move(server);
  server_->Serve();
}

GrpcServer::Handlers ToyServer::MakeHandlers() {
  const auto answer_or_hold = [this](void (*answer)(Rpc&)) {
    return [this, answer](std::unique_ptr<Rpc> rpc) {
      if (holds_tips_.load()) {
        held_.Add(std::move(rpc));
      } else {
        answer(*rpc);
      }
    };
  };
  const RpcHandler hold = [this](std::unique_ptr<Rpc> rpc) { held_.Add(std::move(rpc)); };
  return {.authorize_tip = answer_or_hold(AnswerTip),
          .authorize_tips = hold,
          .stream_tips = answer_or_hold(AnswerBatch),
          .check_tip = hold,
          .get_tip = hold,
          .list_tips = hold,
          .capture_tip = hold,
          .void_tip = hold,
          .refund_tip = hold,
          .authorize_recharge = hold,
          .capture_recharge = hold,
          .void_recharge = hold,
          .check_recharge = hold,
          .refund_recharge = hold,
          .get_recharge = hold,
          .put_payer = hold,
          .get_payer = hold,
          .pause_payer = hold,
          .set_self_limits = hold,
          .set_preferences = hold,
          .start_confirmation = hold,
          .complete_confirmation = hold,
          .freeze_payer = hold,
          .unfreeze_payer = hold,
          .start_cooling_off = hold,
          .put_streamer = hold,
          .get_streamer = hold,
          .sanction_streamer = hold,
          .lift_sanction = hold,
          .freeze_income = hold,
          .release_income = hold,
          .refund_tips = hold,
          .get_income_job = hold,
          .get_agency = hold,
          .list_income_jobs = hold,
          .delay_income = hold,
          .open_session = hold,
          .close_session = hold,
          .get_session = hold,
          .emergency_stop = hold,
          .lift_stop = hold,
          .list_stops = hold,
          .propose_policy = hold,
          .validate_policy = hold,
          .approve_policy = hold,
          .withdraw_proposal = hold,
          .roll_back_policy = hold,
          .list_policies = hold,
          .get_policy = hold,
          .put_gifts = hold,
          .list_gifts = hold,
          .get_server_info = hold,
          .list_rejection_codes = hold,
          .list_backups = hold,
          .watch_events = WatchUntilClosed,
          .verify_journal = VerifyUntilClosed,
          .create_backup = BackUpUntilClosed};
}

std::shared_ptr<grpc::Channel> ToyServer::Connect() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
}

v1::AuthorizeTipResponse ToyResponse(int64_t payer_id) {
  v1::AuthorizeTipResponse response;
  response.mutable_decision()->set_tip_id(payer_id);
  return response;
}

grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* response) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer sent(&slice, 1);
  const auto call = stub.PrepareUnaryCall(&context, method, sent, &queue);
  call->StartCall();
  grpc::ByteBuffer received;
  grpc::Status status;
  call->Finish(&received, &status, nullptr);
  void* tag = nullptr;
  bool is_ok = false;
  TIPGATE_CHECK(queue.Next(&tag, &is_ok));
  std::vector<grpc::Slice> slices;
  if (status.ok() && received.Dump(&slices).ok()) {
    for (const grpc::Slice& part : slices) {
      response->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return status;
}

v1::ErrorInfo InfoOf(const grpc::Status& status) {
  v1::ErrorStatus details;
  v1::ErrorInfo info;
  if (details.ParseFromString(status.error_details()) && details.details_size() == 1) {
    details.details(0).UnpackTo(&info);
  }
  return info;
}

}  // namespace tipgate

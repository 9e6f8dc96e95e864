#include "server/unary_rpc.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/check.h"
#include "server/call_error.h"
#include "server/completion.h"
#include "server/deadline.h"
#include "server/error_status.h"
#include "server/grpc_message.h"
#include "server/pipeline_errors.h"

namespace tipgate {
namespace {

// Made once: the more calls are refused, the less each may cost.
const grpc::Status& OverloadedStatus() {
  static const auto* const kStatus = new grpc::Status(ToGrpcStatus(ToCallError(kOverloadedError)));
  return *kStatus;
}

// A call as gRPC sees it. Lives until gRPC has sent the answer, which is longer than the Rpc that
// the handler holds.
class UnaryCall final : public UnsentReplies::Call {
 public:
  UnaryCall(const UnaryMethod* method, grpc::ServerCompletionQueue* queue, CallRegistry* registry)
      : method_(*method), queue_(*queue), registry_(*registry) {
    method_.ask(&context_, &request_, &responder_, &queue_, &begun_);
  }

  std::optional<CallError> Parse(google::protobuf::Message* request) {
    std::optional<CallError> error = ParseBytes(&request_, method_.message_bytes_max, request);
    request_.Clear();
    return error;
  }

  int64_t deadline_ns() const { return DeadlineNs(context_); }
  std::string identity() const { return IdentityOf(context_, method_.identity_source); }

  void Reply(const google::protobuf::Message& response) {
    const grpc::ByteBuffer bytes = SerializeToBytes(response);
    place_ = method_.unsent->Add(this, static_cast<int64_t>(bytes.Length()), absl::Now());
    responder_.Finish(bytes, grpc::Status::OK, &finished_);
  }
  void Fail(const CallError& error) { Fail(ToGrpcStatus(error)); }
  void Fail(const grpc::Status& status) { responder_.FinishWithError(status, &finished_); }
  void GiveUp() override { context_.TryCancel(); }

 private:
  void OnBegun(bool is_ok);
  void OnFinished(bool is_ok);

  const UnaryMethod& method_;
  grpc::ServerCompletionQueue& queue_;
  CallRegistry& registry_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  UnaryMethod::Responder responder_{&context_};
  std::optional<UnsentReplies::Place> place_;  // of the reply, once there is one
  CompletionOf<&UnaryCall::OnBegun, UnaryCall> begun_{this};
  CompletionOf<&UnaryCall::OnFinished, UnaryCall> finished_{this};
};

// A call as its handler sees it.
class UnaryRpc final : public Rpc {
 public:
  explicit UnaryRpc(UnaryCall* call) : call_(call) {}
  ~UnaryRpc() override {
    if (call_ != nullptr) Fail(StoppingError());
  }

  bool Parse(google::protobuf::Message* request) override {
    const std::optional<CallError> error = call_->Parse(request);
    if (error.has_value()) Fail(*error);
    return !error.has_value();
  }
  int64_t deadline_ns() const override { return call_->deadline_ns(); }
  std::string identity() const override { return call_->identity(); }

  // gRPC may be done with the call before these return.
  void Reply(const google::protobuf::Message& response) override {
    TIPGATE_CHECK(call_ != nullptr);
    std::exchange(call_, nullptr)->Reply(response);
  }
  void Fail(const CallError& error) override {
    TIPGATE_CHECK(call_ != nullptr);
    std::exchange(call_, nullptr)->Fail(error);
  }

 private:
  UnaryCall* call_;
};

void UnaryCall::OnBegun(bool is_ok) {
  if (!is_ok) {  // the server has shut down
    delete this;
    return;
  }
  const bool is_in_time = registry_.Add();
  ListenForUnary(&method_, &queue_, &registry_);
  if (!is_in_time) {
    Fail(StoppingError());
  } else if (!method_.unsent->HasRoom(absl::Now())) {
    Fail(RepliesUnsentError());
  } else if (method_.is_overloaded != nullptr && method_.is_overloaded(deadline_ns())) {
    Fail(OverloadedStatus());
  } else {
    method_.handler(std::make_unique<UnaryRpc>(this));
  }
}

void UnaryCall::OnFinished(bool) {
  CallRegistry& registry = registry_;
  if (place_.has_value()) method_.unsent->Remove(*place_);
  delete this;
  registry.Remove();
}

}  // namespace

void ListenForUnary(const UnaryMethod* method, grpc::ServerCompletionQueue* queue,
                    CallRegistry* registry) {
  new UnaryCall(method, queue, registry);  // deletes itself
}

}  // namespace tipgate

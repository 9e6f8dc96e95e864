#include "server/response_stream_call.h"

#include <thread>

#include "absl/synchronization/mutex.h"
#include "server/completion.h"
#include "server/error_status.h"
#include "server/grpc_message.h"

namespace tipgate {
namespace {

// Lives until gRPC has ended the call and told whether it was cancelled.
class ResponseStreamCall final : public CallRegistry::Stream, public ResponseStream {
 public:
  ResponseStreamCall(const ResponseStreamMethod* method, grpc::ServerCompletionQueue* queue,
                     CallRegistry* registry)
      : method_(*method), queue_(*queue), registry_(*registry) {
    context_.AsyncNotifyWhenDone(&done_);
    method_.ask(&context_, &request_, &writer_, &queue_, &begun_);
  }

  std::optional<CallError> Parse(google::protobuf::Message* request) override {
    std::optional<CallError> error = ParseBytes(&request_, method_.message_bytes_max, request);
    request_.Clear();
    return error;
  }
  bool Write(const google::protobuf::Message& response) override;
  bool is_open() const override { return is_open_.load(std::memory_order_relaxed); }

  void Drain() override { is_open_.store(false); }

 private:
  ~ResponseStreamCall() override {
    if (thread_.joinable()) thread_.join();
  }

  void OnBegun(bool is_ok);
  void OnWritten(bool is_ok);
  void OnFinished(bool is_ok);
  void OnDone(bool is_ok);

  void Serve();
  void EndOne();

  const ResponseStreamMethod& method_;
  grpc::ServerCompletionQueue& queue_;
  CallRegistry& registry_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  ResponseStreamMethod::Writer writer_{&context_};
  CompletionOf<&ResponseStreamCall::OnBegun, ResponseStreamCall> begun_{this};
  CompletionOf<&ResponseStreamCall::OnWritten, ResponseStreamCall> written_{this};
  CompletionOf<&ResponseStreamCall::OnFinished, ResponseStreamCall> finished_{this};
  CompletionOf<&ResponseStreamCall::OnDone, ResponseStreamCall> done_{this};
  std::atomic<bool> is_open_{true};

  absl::Mutex mutex_;
  bool is_write_over_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_written_ ABSL_GUARDED_BY(mutex_) = false;  // the last write went well

  int ends_left_ = 2;   // OnFinished and OnDone; the queue's thread
  std::thread thread_;  // the queue's thread
};

void ResponseStreamCall::OnBegun(bool is_ok) {
  if (!is_ok) {  // the server has shut down
    delete this;
    return;
  }
  ListenForResponseStream(&method_, &queue_, &registry_);
  registry_.AddStream(this);
  if (method_.limit.Enter()) {
    thread_ = std::thread([this] { Serve(); });
  } else {
    writer_.Finish(ToGrpcStatus(method_.limit.refusal), &finished_);
  }
}

void ResponseStreamCall::Serve() {
  const std::optional<CallError> error = method_.handler(*this);
  method_.limit.Leave();
  writer_.Finish(error.has_value() ? ToGrpcStatus(*error) : grpc::Status::OK, &finished_);
}

bool ResponseStreamCall::Write(const google::protobuf::Message& response) {
  if (!is_open()) return false;
  absl::MutexLock lock(&mutex_);
  is_write_over_ = false;
  writer_.Write(SerializeToBytes(response), &written_);
  const absl::Condition is_over(&is_write_over_);
  if (!mutex_.AwaitWithTimeout(is_over, method_.write_time_max)) {
    context_.TryCancel();
    mutex_.Await(is_over);
    return false;
  }
  return has_written_;
}

void ResponseStreamCall::OnWritten(bool is_ok) {
  absl::MutexLock lock(&mutex_);
  is_write_over_ = true;
  has_written_ = is_ok;
}

void ResponseStreamCall::OnFinished(bool) { EndOne(); }

void ResponseStreamCall::OnDone(bool) {
  is_open_.store(false);
  EndOne();
}

void ResponseStreamCall::EndOne() {
  if (--ends_left_ > 0) return;
  registry_.RemoveStream(this);
  delete this;
}

}  // namespace

void ListenForResponseStream(const ResponseStreamMethod* method, grpc::ServerCompletionQueue* queue,
                             CallRegistry* registry) {
  new ResponseStreamCall(method, queue, registry);  // deletes itself
}

}  // namespace tipgate

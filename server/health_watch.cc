#include "server/health_watch.h"

#include <optional>

#include "absl/synchronization/mutex.h"
#include "server/completion.h"
#include "server/error_status.h"
#include "server/grpc_message.h"

namespace tipgate {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// A watch as gRPC sees it: at most one write under way, and the latest status. A caller that is
// slow to take one gets the last of those that came meanwhile.
//
// Invariant: lives until gRPC has ended the call and told whether it was cancelled. Any thread.
class HealthWatchCall final : public CallRegistry::Stream, public HealthService::Watcher {
 public:
  HealthWatchCall(const HealthWatchMethod* method, grpc::ServerCompletionQueue* queue,
                  CallRegistry* registry)
      : method_(*method), queue_(*queue), registry_(*registry) {
    context_.AsyncNotifyWhenDone(&done_);
    method_.ask(&context_, &request_, &writer_, &queue_, &begun_);
  }

  void OnStatus(HealthService::Status status) override;
  void Drain() override;

 private:
  ~HealthWatchCall() = default;

  void OnBegun(bool is_ok);
  void OnWritten(bool is_ok);
  void OnFinished(bool is_ok);
  void OnDone(bool is_ok);

  void Watch();
  void End(const grpc::Status& status);
  void Delete();
  // Begins whatever can be begun.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const HealthWatchMethod& method_;
  grpc::ServerCompletionQueue& queue_;
  CallRegistry& registry_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  HealthWatchMethod::Writer writer_{&context_};
  CompletionOf<&HealthWatchCall::OnBegun, HealthWatchCall> begun_{this};
  CompletionOf<&HealthWatchCall::OnWritten, HealthWatchCall> written_{this};
  CompletionOf<&HealthWatchCall::OnFinished, HealthWatchCall> finished_{this};
  CompletionOf<&HealthWatchCall::OnDone, HealthWatchCall> done_{this};

  // The queue's thread.
  bool has_entered_ = false;  // counts for the limit
  int ends_left_ = 2;         // OnFinished and OnDone

  absl::Mutex mutex_;
  std::optional<HealthService::Status> status_ ABSL_GUARDED_BY(mutex_);
  std::optional<HealthService::Status> written_status_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);  // once the call is to end
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finishing_ ABSL_GUARDED_BY(mutex_) = false;
};

void HealthWatchCall::OnBegun(bool is_ok) {
  if (!is_ok) {  // the server has shut down
    delete this;
    return;
  }
  ListenForHealthWatch(&method_, &queue_, &registry_);
  registry_.AddStream(this);
  has_entered_ = method_.limit.Enter();
  if (has_entered_) {
    Watch();
  } else {
    End(ToGrpcStatus(method_.limit.refusal));
  }
}

void HealthWatchCall::Watch() {
  HealthCheckRequest request;
  const auto error = ParseBytes(&request_, method_.message_bytes_max, &request);
  request_.Clear();
  if (error.has_value()) {
    End(ToGrpcStatus(*error));
  } else {
    method_.health->AddWatcher(request.service(), this);
  }
}

void HealthWatchCall::OnStatus(HealthService::Status status) {
  absl::MutexLock lock(&mutex_);
  status_ = status;
  Advance();
}

void HealthWatchCall::Drain() { End(ToGrpcStatus(StoppingError())); }

void HealthWatchCall::End(const grpc::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (!end_.has_value()) end_ = status;
  Advance();
}

// What is known is written before the end.
void HealthWatchCall::Advance() {
  if (is_writing_ || is_finishing_) return;
  if (status_ != written_status_) {
    HealthCheckResponse response;
    response.set_status(*status_);
    written_status_ = status_;
    is_writing_ = true;
    writer_.Write(SerializeToBytes(response), &written_);
  } else if (end_.has_value()) {
    is_finishing_ = true;
    writer_.Finish(*end_, &finished_);
  }
}

void HealthWatchCall::OnWritten(bool) {
  absl::MutexLock lock(&mutex_);
  is_writing_ = false;
  Advance();
}

void HealthWatchCall::OnFinished(bool) { Delete(); }

// The caller is gone, or the call is over.
void HealthWatchCall::OnDone(bool) {
  End(grpc::Status::CANCELLED);
  Delete();
}

void HealthWatchCall::Delete() {
  if (--ends_left_ > 0) return;
  method_.health->RemoveWatcher(this);
  if (has_entered_) method_.limit.Leave();
  CallRegistry& registry = registry_;
  registry.RemoveStream(this);
  delete this;
}

}  // namespace

void ListenForHealthWatch(const HealthWatchMethod* method, grpc::ServerCompletionQueue* queue,
                          CallRegistry* registry) {
  new HealthWatchCall(method, queue, registry);  // deletes itself
}

}  // namespace tipgate

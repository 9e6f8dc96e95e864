#include "server/stream_rpc.h"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "core/check.h"
#include "server/completion.h"
#include "server/deadline.h"
#include "server/error_status.h"
#include "server/grpc_message.h"

namespace tipgate {
namespace {

// The answer to one message: its response, or the error that ends the stream.
struct MessageAnswer {
  grpc::ByteBuffer response;
  std::optional<CallError> error;
};

// A message between being read and its response being written.
struct Message {
  size_t bytes = 0;  // of the request, then of the response
  std::optional<MessageAnswer> answer;
};

// A stream as gRPC sees it: at most one read and one write under way, and the messages between the
// two.
//
// Invariants: requests reach the handler in the order in which they were sent, and answers leave in
// that order; the object lives until gRPC has ended the stream and every message's Rpc is gone. Any
// thread.
class StreamCall final : public CallRegistry::Stream {
 public:
  StreamCall(const StreamMethod* method, grpc::ServerCompletionQueue* queue, CallRegistry* registry)
      : method_(*method), queue_(*queue), registry_(*registry) {
    method_.ask(&context_, &stream_, &queue_, &begun_);
  }

  int64_t deadline_ns() const { return DeadlineNs(context_); }
  std::string identity() const { return IdentityOf(context_, method_.identity_source); }
  int message_bytes_max() const { return method_.message_bytes_max; }

  // Answers the message with this number, counted from 0.
  void Answer(int64_t number, MessageAnswer answer);

  void Drain() override;

 private:
  ~StreamCall() = default;

  void OnBegun(bool is_ok);
  void OnRead(bool is_ok);
  void OnWritten(bool is_ok);
  void OnFinished(bool is_ok);

  // Makes `change`, then begins whatever can be begun. May delete this.
  template <typename Change>
  void Update(Change change);

  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CanRead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The status to end with, once nothing is left to be written.
  std::optional<grpc::Status> End() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const StreamMethod& method_;
  grpc::ServerCompletionQueue& queue_;
  CallRegistry& registry_;
  grpc::ServerContext context_;
  StreamMethod::Stream stream_{&context_};
  CompletionOf<&StreamCall::OnBegun, StreamCall> begun_{this};
  CompletionOf<&StreamCall::OnRead, StreamCall> read_{this};
  CompletionOf<&StreamCall::OnWritten, StreamCall> written_{this};
  CompletionOf<&StreamCall::OnFinished, StreamCall> finished_{this};
  grpc::ByteBuffer request_;  // belongs to the read under way

  absl::Mutex mutex_;
  // Of the messages that were read and whose response is not written yet, the oldest first.
  std::deque<Message> messages_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of all of them
  int64_t written_count_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t rpcs_count_ ABSL_GUARDED_BY(mutex_) = 0;  // handed out and not answered
  bool is_reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_failed_ ABSL_GUARDED_BY(mutex_) = false;  // a message has an error for its answer
  bool is_broken_ ABSL_GUARDED_BY(mutex_) = false;   // nobody takes answers any more
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_refused_ ABSL_GUARDED_BY(mutex_) = false;  // there are too many streams
  bool is_finishing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finished_ ABSL_GUARDED_BY(mutex_) = false;
};

// A message as its handler sees it.
class MessageRpc final : public Rpc {
 public:
  MessageRpc(StreamCall* call, int64_t number, const grpc::ByteBuffer& request)
      : call_(call), number_(number), request_(request) {}
  ~MessageRpc() override {
    if (call_ != nullptr) Fail(StoppingError());
  }

  bool Parse(google::protobuf::Message* request) override {
    const std::optional<CallError> error =
        ParseBytes(&request_, call_->message_bytes_max(), request);
    request_.Clear();
    if (error.has_value()) Fail(*error);
    return !error.has_value();
  }
  int64_t deadline_ns() const override { return call_->deadline_ns(); }
  std::string identity() const override { return call_->identity(); }

  void Reply(const google::protobuf::Message& response) override {
    Answer({.response = SerializeToBytes(response), .error = std::nullopt});
  }
  void Fail(const CallError& error) override {
    Answer({.response = grpc::ByteBuffer(), .error = error});
  }

 private:
  void Answer(MessageAnswer answer) {
    TIPGATE_CHECK(call_ != nullptr);
    std::exchange(call_, nullptr)->Answer(number_, std::move(answer));
  }

  StreamCall* call_;
  const int64_t number_;
  grpc::ByteBuffer request_;
};

template <typename Change>
void StreamCall::Update(Change change) {
  bool is_over = false;
  bool is_refused = false;
  {
    absl::MutexLock lock(&mutex_);
    change();
    Advance();
    is_over = is_finished_ && !is_reading_ && rpcs_count_ == 0;
    is_refused = is_refused_;
  }
  if (!is_over) return;
  if (!is_refused) method_.limit.Leave();
  CallRegistry& registry = registry_;
  registry.RemoveStream(this);
  delete this;
}

void StreamCall::OnBegun(bool is_ok) {
  if (!is_ok) {  // the server has shut down
    delete this;
    return;
  }
  ListenForStream(&method_, &queue_, &registry_);
  registry_.AddStream(this);
  Update([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { is_refused_ = !method_.limit.Enter(); });
}

void StreamCall::OnRead(bool is_ok) {
  std::unique_ptr<Rpc> rpc;
  if (is_ok) {
    absl::MutexLock lock(&mutex_);
    if (!is_finishing_ && !is_draining_ && !has_failed_) {
      const int64_t number = written_count_ + static_cast<int64_t>(messages_.size());
      messages_.push_back({.bytes = request_.Length(), .answer = std::nullopt});
      bytes_ += request_.Length();
      ++rpcs_count_;
      rpc = std::make_unique<MessageRpc>(this, number, std::exchange(request_, {}));
    }
  }
  // Still reading meanwhile, so that the next message cannot overtake this one.
  if (rpc != nullptr) method_.handler(std::move(rpc));
  Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    is_reading_ = false;
    has_read_all_ |= !is_ok;
  });
}

void StreamCall::Answer(int64_t number, MessageAnswer answer) {
  Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    --rpcs_count_;
    has_failed_ |= answer.error.has_value();
    Message& message = messages_[static_cast<size_t>(number - written_count_)];
    bytes_ -= message.bytes;
    message.bytes = answer.response.Length();
    bytes_ += message.bytes;
    message.answer = std::move(answer);
  });
}

void StreamCall::OnWritten(bool is_ok) {
  Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    is_writing_ = false;
    is_broken_ |= !is_ok;
    bytes_ -= messages_.front().bytes;
    messages_.pop_front();
    ++written_count_;
  });
}

void StreamCall::OnFinished(bool) {
  Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { is_finished_ = true; });
}

void StreamCall::Drain() {
  absl::MutexLock lock(&mutex_);
  is_draining_ = true;
  Advance();
}

void StreamCall::Advance() {
  if (is_finishing_) return;
  if (CanRead()) {
    is_reading_ = true;
    stream_.Read(&request_, &read_);
  }
  if (is_writing_) return;
  if (const std::optional<grpc::Status> end = End(); end.has_value()) {
    is_finishing_ = true;
    stream_.Finish(*end, &finished_);
  } else if (!messages_.empty() && messages_.front().answer.has_value()) {
    is_writing_ = true;
    stream_.Write(std::exchange(messages_.front().answer->response, {}), &written_);
  }
}

bool StreamCall::CanRead() const {
  return !is_reading_ && !has_read_all_ && !has_failed_ && !is_broken_ && !is_draining_ &&
         !is_refused_ && messages_.size() < kStreamMessagesMax &&
         (messages_.empty() || bytes_ < kStreamBytesMax);
}

std::optional<grpc::Status> StreamCall::End() const {
  if (is_broken_) return grpc::Status::CANCELLED;
  if (is_refused_) return ToGrpcStatus(method_.limit.refusal);
  if (!messages_.empty()) {
    const std::optional<MessageAnswer>& next = messages_.front().answer;
    if (!next.has_value() || !next->error.has_value()) return std::nullopt;
    return ToGrpcStatus(*next->error);
  }
  if (has_read_all_) return grpc::Status::OK;
  if (is_draining_) return ToGrpcStatus(StoppingError());
  return std::nullopt;
}

}  // namespace

void ListenForStream(const StreamMethod* method, grpc::ServerCompletionQueue* queue,
                     CallRegistry* registry) {
  new StreamCall(method, queue, registry);  // deletes itself
}

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>

#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {

// A call that a completion queue drives: its events come back with the call's own address as their
// tag.
class EchoCall {
 public:
  virtual ~EchoCall() = default;
  // One event; `is_ok` is what CompletionQueue::Next says of it. Starts the next step.
  virtual void OnEvent(bool is_ok) = 0;
};

// Answers one unary call after another. `Service` is a generated AsyncService and `kRequest` its
// request function; `kFill` makes the response to a request, in a message that still holds the
// response before it.
template <typename Service, typename Request, typename Response, auto kRequest, auto kFill>
class EchoUnaryCall final : public EchoCall {
 public:
  EchoUnaryCall(Service* service, grpc::ServerCompletionQueue* queue)
      : service_(service), queue_(queue) {
    Listen();
  }

  void OnEvent(bool is_ok) override {
    if (is_answering_ || !is_ok) return Listen();
    is_answering_ = true;
    kFill(request_, &response_);
    writer_->Finish(response_, grpc::Status::OK, this);
  }

 private:
  void Listen() {
    is_answering_ = false;
    writer_.reset();
    context_.emplace();
    writer_.emplace(&*context_);
    (service_->*kRequest)(&*context_, &request_, &*writer_, queue_, queue_, this);
  }

  Service* const service_;
  grpc::ServerCompletionQueue* const queue_;
  bool is_answering_ = false;
  std::optional<grpc::ServerContext> context_;
  std::optional<grpc::ServerAsyncResponseWriter<Response>> writer_;
  Request request_;
  Response response_;
};

// Answers the messages of one stream after another: either a read or a write is under way.
class EchoStreamCall final : public EchoCall {
 public:
  EchoStreamCall(v1::TipService::AsyncService* service, grpc::ServerCompletionQueue* queue);

  void OnEvent(bool is_ok) override;

 private:
  enum class Step { kListening, kReading, kWriting, kFinishing };

  void Listen();
  void Read();
  void Write();
  void Finish();

  v1::TipService::AsyncService* const service_;
  grpc::ServerCompletionQueue* const queue_;
  Step step_ = Step::kListening;
  std::optional<grpc::ServerContext> context_;
  std::optional<grpc::ServerAsyncReaderWriter<v1::StreamTipsResponse, v1::StreamTipsRequest>>
      stream_;
  v1::StreamTipsRequest request_;
  v1::StreamTipsResponse response_;
};

}  // namespace tipgate

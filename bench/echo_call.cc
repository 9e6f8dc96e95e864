#include "bench/echo_call.h"

#include "bench/echo_response.h"

namespace tipgate {

EchoStreamCall::EchoStreamCall(v1::TipService::AsyncService* service,
                               grpc::ServerCompletionQueue* queue)
    : service_(service), queue_(queue) {
  Listen();
}

void EchoStreamCall::OnEvent(bool is_ok) {
  switch (step_) {
    case Step::kListening:
      return is_ok ? Read() : Listen();
    case Step::kReading:
      return is_ok ? Write() : Finish();
    case Step::kWriting:
      return is_ok ? Read() : Finish();
    case Step::kFinishing:
      return Listen();
  }
}

void EchoStreamCall::Listen() {
  step_ = Step::kListening;
  stream_.reset();
  context_.emplace();
  stream_.emplace(&*context_);
  service_->RequestStreamTips(&*context_, &*stream_, queue_, queue_, this);
}

void EchoStreamCall::Read() {
  step_ = Step::kReading;
  stream_->Read(&request_, this);
}

void EchoStreamCall::Write() {
  step_ = Step::kWriting;
  FillTips(request_, &response_);
  stream_->Write(response_, this);
}

void EchoStreamCall::Finish() {
  step_ = Step::kFinishing;
  stream_->Finish(grpc::Status::OK, this);
}

}  // namespace tipgate

#include "bench/load_lane.h"

#include <chrono>
#include <utility>

namespace tipgate {
namespace {

// A moment of the steady clock, as gRPC takes deadlines.
std::chrono::system_clock::time_point OnWallClock(int64_t steady_ns) {
  const auto left =
      std::chrono::nanoseconds(steady_ns) - std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::system_clock::now() + left;
}

}  // namespace

UnaryLane::UnaryLane(LoadLaneOwner& owner, grpc::GenericStub& stub, grpc::CompletionQueue& queue,
                     const std::string& method)
    : owner_(owner), stub_(stub), queue_(queue), method_(method) {}

void UnaryLane::Send(LoadMessage message) {
  is_sent_ = true;
  message_ = std::move(message);
  call_.reset();
  context_.emplace();
  if (message_.deadline_ns != 0) context_->set_deadline(OnWallClock(message_.deadline_ns));
  call_ = stub_.PrepareUnaryCall(&*context_, method_, message_.request, &queue_);
  call_->StartCall();
  call_->Finish(&reply_, &status_, &tag_);
}

void UnaryLane::OnEvent(int, bool) {
  is_sent_ = false;
  if (status_.ok()) {
    owner_.OnReply(this, message_.intended_ns, reply_);
  } else {
    owner_.OnFailure(this, message_.intended_ns, status_);
  }
}

void UnaryLane::Cancel() {
  if (is_sent_) context_->TryCancel();
}

StreamLane::StreamLane(LoadLaneOwner& owner, grpc::GenericStub& stub, grpc::CompletionQueue& queue,
                       const std::string& method)
    : owner_(owner),
      tags_{{this, kWritten}, {this, kRead}, {this, kFinished}},
      stream_(stub.PrepareCall(&context_, method, &queue)) {
  stream_->StartCall(&tags_[kWritten]);
}

void StreamLane::Send(LoadMessage message) {
  waiting_.push_back(std::move(message));
  if (!is_writing_) WriteNext();
}

void StreamLane::OnEvent(int event, bool is_ok) {
  switch (event) {
    case kWritten:
      return OnWritten(is_ok);
    case kRead:
      return OnRead(is_ok);
    default:
      is_finishing_ = false;
      FailAll();
  }
}

void StreamLane::Close() {
  is_closing_ = true;
  if (!is_writing_ && !is_broken_) SayGoodbye();
}

void StreamLane::SayGoodbye() {
  is_closing_ = false;
  is_writing_ = true;
  is_broken_ = true;  // Nothing more goes out; the next event finishes the stream.
  stream_->WritesDone(&tags_[kWritten]);
}

void StreamLane::WriteNext() {
  if (waiting_.empty()) return;
  is_writing_ = true;
  unanswered_ns_.push_back(waiting_.front().intended_ns);
  stream_->Write(waiting_.front().request, &tags_[kWritten]);
  waiting_.pop_front();  // gRPC holds what it still needs.
}

void StreamLane::ReadNext() {
  if (is_reading_ || unanswered_ns_.empty()) return;
  is_reading_ = true;
  stream_->Read(&reply_, &tags_[kRead]);
}

void StreamLane::OnWritten(bool is_ok) {
  is_writing_ = false;
  if (!is_ok) return Break();
  if (is_broken_) return FinishIfQuiet();
  if (is_closing_) return SayGoodbye();
  ReadNext();
  WriteNext();
}

void StreamLane::OnRead(bool is_ok) {
  is_reading_ = false;
  if (!is_ok) return Break();
  const int64_t intended_ns = unanswered_ns_.front();
  unanswered_ns_.pop_front();
  const grpc::ByteBuffer reply = std::exchange(reply_, grpc::ByteBuffer());
  ReadNext();
  owner_.OnReply(this, intended_ns, reply);
}

void StreamLane::Break() {
  is_broken_ = true;
  FinishIfQuiet();
}

// gRPC wants the status asked for once, after the last read and write.
void StreamLane::FinishIfQuiet() {
  if (is_writing_ || is_reading_ || is_finishing_) return;
  is_finishing_ = true;
  stream_->Finish(&status_, &tags_[kFinished]);
}

// After the end: whatever was not answered never will be.
void StreamLane::FailAll() {
  for (const LoadMessage& message : std::exchange(waiting_, {})) {
    unanswered_ns_.push_back(message.intended_ns);
  }
  for (int64_t intended_ns : std::exchange(unanswered_ns_, {})) {
    owner_.OnFailure(this, intended_ns, status_);
  }
}

}  // namespace tipgate

#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tipgate {

class LoadLane;

// What a lane gives gRPC as a tag: comes back through the completion queue.
struct LoadTag {
  LoadLane* lane;
  int event;
};

// Who owns lanes and hears from them, while it calls them.
class LoadLaneOwner {
 public:
  virtual ~LoadLaneOwner() = default;

  // The answer to the message that was meant to be sent at `intended_ns`.
  virtual void OnReply(LoadLane* lane, int64_t intended_ns, const grpc::ByteBuffer& reply) = 0;
  // There will be no answer to that message.
  virtual void OnFailure(LoadLane* lane, int64_t intended_ns, const grpc::Status& status) = 0;
};

// What goes out on a lane.
struct LoadMessage {
  int64_t intended_ns = 0;  // When it was meant to be sent; steady clock.
  int64_t deadline_ns = 0;  // When the caller stops to wait; steady clock. 0: never.
  grpc::ByteBuffer request;
};

// A place where messages go out and replies come in. Not thread-safe: its owner's lock guards it.
class LoadLane {
 public:
  virtual ~LoadLane() = default;

  // Sends a message, now or as soon as gRPC takes it.
  virtual void Send(LoadMessage message) = 0;
  // The request that has just failed, while its failure is being told; none if it is gone.
  virtual std::optional<grpc::ByteBuffer> TakeFailed() { return std::nullopt; }
  // Handles the event of one of its tags.
  virtual void OnEvent(int event, bool is_ok) = 0;
  // Says goodbye. Call once, when no message is under way.
  virtual void Close() = 0;
  // Gives up what is under way: it ends as failed.
  virtual void Cancel() = 0;
  // False once the lane is broken or closed.
  virtual bool can_send() const = 0;
  // True while gRPC still owes it an event: it must not be destroyed.
  virtual bool is_event_coming() const = 0;
};

// One unary call after another.
class UnaryLane final : public LoadLane {
 public:
  UnaryLane(LoadLaneOwner& owner, grpc::GenericStub& stub, grpc::CompletionQueue& queue,
            const std::string& method);

  void Send(LoadMessage message) override;
  std::optional<grpc::ByteBuffer> TakeFailed() override { return std::move(message_.request); }
  void OnEvent(int event, bool is_ok) override;
  void Close() override {}
  void Cancel() override;
  bool can_send() const override { return true; }
  bool is_event_coming() const override { return is_sent_; }

 private:
  LoadLaneOwner& owner_;
  grpc::GenericStub& stub_;
  grpc::CompletionQueue& queue_;
  const std::string& method_;
  LoadTag tag_{this, 0};
  bool is_sent_ = false;
  LoadMessage message_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  grpc::ByteBuffer reply_;
  grpc::Status status_;
};

// One bidirectional stream: messages go out one after another without waiting for replies, which
// come in their order.
class StreamLane final : public LoadLane {
 public:
  StreamLane(LoadLaneOwner& owner, grpc::GenericStub& stub, grpc::CompletionQueue& queue,
             const std::string& method);

  void Send(LoadMessage message) override;
  void OnEvent(int event, bool is_ok) override;
  void Close() override;
  void Cancel() override { context_.TryCancel(); }
  bool can_send() const override { return !is_broken_; }
  bool is_event_coming() const override { return is_writing_ || is_reading_ || is_finishing_; }

 private:
  enum Event { kWritten, kRead, kFinished, kEventCount };

  void WriteNext();
  void ReadNext();
  void OnWritten(bool is_ok);
  void OnRead(bool is_ok);
  void SayGoodbye();
  void Break();
  void FinishIfQuiet();
  void FailAll();

  LoadLaneOwner& owner_;
  LoadTag tags_[kEventCount];
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  bool is_writing_ = true;  // The start of the stream is an event like a write's.
  bool is_reading_ = false;
  bool is_finishing_ = false;
  bool is_closing_ = false;
  bool is_broken_ = false;             // Or said goodbye.
  std::deque<LoadMessage> waiting_;    // For the write under way.
  std::deque<int64_t> unanswered_ns_;  // Intended times of the messages that were written.
  grpc::ByteBuffer reply_;
  grpc::Status status_;
};

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/error.h"
#include "google/protobuf/message.h"

namespace tipgate {

// An error of a call as the caller gets it: a gRPC code (from the reason), one line for people, and
// an ErrorInfo.
struct CallError {
  ErrorReason reason{};
  std::string field;
  std::string message;
};

// One request that waits for its one answer: a unary call, or a message of a stream of batches.
// Whoever holds it answers it once, on any thread, by Reply or Fail; one that is dropped unanswered
// fails as UNAVAILABLE.
class Rpc {
 public:
  virtual ~Rpc() = default;

  // Fills the request. False if its bytes are malformed: then the call has been failed with
  // INVALID_ARGUMENT, naming the field where it can be told (such as a text that is not UTF-8).
  virtual bool Parse(google::protobuf::Message* request) = 0;

  // Unix time in nanoseconds after which nobody waits for the answer; INT64_MAX if the caller waits
  // for ever.
  virtual int64_t deadline_ns() const = 0;

  // Who makes the call, as the transport knows them; empty if it does not. Not to be asked once the
  // call has been answered.
  virtual std::string identity() const = 0;

  virtual void Reply(const google::protobuf::Message& response) = 0;
  virtual void Fail(const CallError& error) = 0;
};

// Takes over a request. Called on a gRPC thread; must not block on anything slow.
using RpcHandler = std::function<void(std::unique_ptr<Rpc>)>;

}  // namespace tipgate

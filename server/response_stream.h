#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <optional>

#include "server/rpc.h"

namespace tipgate {

// One request that is answered by a stream of responses. The handler's thread only.
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;

  // Fills the request; the error if it is malformed. Once.
  virtual std::optional<CallError> Parse(google::protobuf::Message* request) = 0;

  // Sends a response; waits while the caller is slow to take what was sent before, up to a limit.
  // False: nobody takes any more.
  virtual bool Write(const google::protobuf::Message& response) = 0;

  // False once the caller is gone or the gate stops: end soon.
  virtual bool is_open() const = 0;
};

// Serves a stream on a thread of its own, and may take as long as it needs. Returns the error that
// the call ends with; nothing for OK.
using ResponseStreamHandler = std::function<std::optional<CallError>(ResponseStream&)>;

}  // namespace tipgate

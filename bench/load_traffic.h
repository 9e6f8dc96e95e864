#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "bench/load_wire.h"

namespace tipgate {

// What flows in one run: makes the requests of one kind of call, and reads the replies. Used by one
// thread at a time.
class LoadTraffic {
 public:
  virtual ~LoadTraffic() = default;

  // The next request; none when there is nothing left to send.
  virtual std::optional<grpc::ByteBuffer> Next() = 0;

  // What a reply says about the items of its request. A failure means that the reply is not what
  // was asked for.
  virtual absl::StatusOr<TipOutcomes> Read(const grpc::ByteBuffer& reply) = 0;
};

// The bytes of a message, however many pieces it came in.
std::string Flattened(const grpc::ByteBuffer& message);

}  // namespace tipgate

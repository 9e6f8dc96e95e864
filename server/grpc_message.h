#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <optional>

#include "server/rpc.h"

namespace tipgate {

// Messages between gRPC and Protobuf. We parse ourselves, so that a malformed request can be
// answered with the field to blame, where gRPC's own parser fails the call as INTERNAL.

// Fills `message`; the error if the bytes are not one, or more than `bytes_max`.
std::optional<CallError> ParseBytes(grpc::ByteBuffer* bytes, int bytes_max,
                                    google::protobuf::Message* message);

grpc::ByteBuffer SerializeToBytes(const google::protobuf::Message& message);

}  // namespace tipgate

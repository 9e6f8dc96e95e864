#pragma once

#include <grpcpp/support/status.h>

#include "core/error.h"
#include "server/rpc.h"

namespace tipgate {

// What a caller should do next, as gRPC says it; error.proto tells the code of each reason.
grpc::StatusCode StatusCodeOf(ErrorReason reason);

// The error as it goes to the caller: code, message, and an ErrorStatus for programs.
grpc::Status ToGrpcStatus(const CallError& error);

// UNAVAILABLE: the gate stops, and has not answered.
CallError StoppingError();

}  // namespace tipgate

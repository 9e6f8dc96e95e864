#include "server/error_status.h"

#include "tipgate/v1/error.pb.h"

namespace tipgate {

grpc::StatusCode StatusCodeOf(ErrorReason reason) {
  switch (reason) {
    case ErrorReason::kInvalidField:
    case ErrorReason::kCreateTimeTooOld:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorReason::kKeyReused:
    case ErrorReason::kIdTaken:
      return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorReason::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case ErrorReason::kWrongState:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorReason::kOverloaded:
    case ErrorReason::kCapacityReached:
    case ErrorReason::kDiskFull:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorReason::kStopping:
    case ErrorReason::kClockUntrusted:
    case ErrorReason::kBackupFailed:
      return grpc::StatusCode::UNAVAILABLE;
    case ErrorReason::kDeadlinePassed:
      return grpc::StatusCode::DEADLINE_EXCEEDED;
    case ErrorReason::kUnauthenticated:
      return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorReason::kDamaged:
      return grpc::StatusCode::DATA_LOSS;
  }
  return grpc::StatusCode::UNKNOWN;
}

grpc::Status ToGrpcStatus(const CallError& error) {
  const grpc::StatusCode code = StatusCodeOf(error.reason);
  v1::ErrorInfo info;
  info.set_reason(static_cast<v1::ErrorReason>(error.reason));
  info.set_field(error.field);
  v1::ErrorStatus status;
  status.set_code(code);
  status.set_message(error.message);
  status.add_details()->PackFrom(info);
  return grpc::Status(code, error.message, status.SerializeAsString());
}

CallError StoppingError() {
  return {.reason = ErrorReason::kStopping,
          .field = "",
          .message = "the gate is stopping; retry with the same key"};
}

}  // namespace tipgate

// An error as the gate sends it: with ErrorInfo in the status details.
#pragma once

#include <string>

#include "grpcpp/support/status.h"
#include "tipgate/v1/error.pb.h"

namespace tipgate {

inline grpc::Status GateError(grpc::StatusCode code, const std::string& message,
                              v1::ErrorReason reason, const std::string& field = "") {
  v1::ErrorInfo info;
  info.set_reason(reason);
  info.set_field(field);
  v1::ErrorStatus details;
  details.set_code(code);
  details.set_message(message);
  details.add_details()->PackFrom(info);
  return {code, message, details.SerializeAsString()};
}

}  // namespace tipgate

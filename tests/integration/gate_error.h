// What a failed call says, for programs.
#pragma once

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>

#include <string>

#include "tipgate/v1/error.pb.h"

namespace tipgate {

// The ErrorInfo of a status; empty if its details are not as the contract says.
inline v1::ErrorInfo ErrorInfoOf(const grpc::Status& status) {
  v1::ErrorStatus details;
  v1::ErrorInfo info;
  const bool is_right = details.ParseFromString(status.error_details()) &&
                        details.code() == static_cast<int>(status.error_code()) &&
                        details.message() == status.error_message() &&
                        details.details_size() == 1 && details.details(0).UnpackTo(&info);
  if (!is_right) info.Clear();
  return info;
}

// Matches a status of this code whose details carry this reason and field.
MATCHER_P3(FailsWith, code, reason, field, "") {
  const v1::ErrorInfo info = ErrorInfoOf(arg);
  *result_listener << "code " << arg.error_code() << ", \"" << arg.error_message()
                   << "\", details {" << info.ShortDebugString() << "}";
  return arg.error_code() == code && info.reason() == reason && info.field() == field &&
         !arg.error_message().empty();
}

// Matches INVALID_ARGUMENT that names this field to programs and to people.
MATCHER_P(NamesInvalidField, field, "") {
  const v1::ErrorInfo info = ErrorInfoOf(arg);
  *result_listener << "code " << arg.error_code() << ", \"" << arg.error_message()
                   << "\", details {" << info.ShortDebugString() << "}";
  return arg.error_code() == grpc::StatusCode::INVALID_ARGUMENT &&
         info.reason() == v1::ERROR_REASON_INVALID_FIELD && info.field() == field &&
         arg.error_message().find(field) != std::string::npos;
}

}  // namespace tipgate

#include "cli/call_error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/enum_text.h"

namespace tipgate {
namespace {

// What went wrong between here and a gate.
std::string ConnectionHint(const grpc::Status& status, const CallTarget& target) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return absl::StrCat("no gate answers at ", target.address,
                          "; is tipgate running there? Set --target or TIPGATE_TARGET (",
                          status.error_message(), ")");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::StrCat("no answer from ", target.address, " within ",
                          absl::FormatDuration(target.timeout),
                          "; a change may have happened: repeat it with the same --key");
    case grpc::StatusCode::UNIMPLEMENTED:
      return absl::StrCat(target.address, " does not know this call; is it a tipgate of version ",
                          "0.1 or later? (", status.error_message(), ")");
    default:
      return status.error_message();
  }
}

std::string GateMessage(const grpc::Status& status, const v1::ErrorInfo& info) {
  std::string line = absl::StrCat(status.error_message(), " (");
  if (!info.field().empty()) absl::StrAppend(&line, "field ", info.field(), ", ");
  return absl::StrCat(line, "reason ", EnumText(info.reason()), ")");
}

}  // namespace

v1::ErrorInfo ErrorInfoOf(const grpc::Status& status) {
  v1::ErrorStatus details;
  v1::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info;
  }
  return {};
}

absl::Status ToCallError(const grpc::Status& status, const CallTarget& target) {
  const v1::ErrorInfo info = ErrorInfoOf(status);
  const bool is_from_gate = info.reason() != v1::ERROR_REASON_UNSPECIFIED;
  // gRPC's and Abseil's codes are the same numbers by design.
  return {static_cast<absl::StatusCode>(status.error_code()),
          is_from_gate ? GateMessage(status, info) : ConnectionHint(status, target)};
}

}  // namespace tipgate

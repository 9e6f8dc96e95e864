// The one mapping from a failed gRPC call to a line that tells an operator what to do.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"
#include "tipgate/v1/error.pb.h"

namespace tipgate {

// Whom was called, and how long an answer was waited for (infinite for streams).
struct CallTarget {
  std::string address;
  absl::Duration timeout;
};

// The gate's own ErrorInfo; a default one if the error is not the gate's, or does not parse.
v1::ErrorInfo ErrorInfoOf(const grpc::Status& status);

// The same code with one line: the gate's message with field and reason, or, where no gate spoke, a
// hint about the connection. `status` is not OK.
absl::Status ToCallError(const grpc::Status& status, const CallTarget& target);

}  // namespace tipgate

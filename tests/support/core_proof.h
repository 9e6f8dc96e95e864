#pragma once

#include "absl/status/status.h"
#include "tests/support/core_gate.h"

namespace tipgate {

// OK if all of a gate's history, decided again, leads to the state that it has; else what does not.
absl::Status VerifyHistory(const CoreGate& gate);

// The same of a restart as well.
absl::Status ProveHistory(CoreGate& gate);

}  // namespace tipgate

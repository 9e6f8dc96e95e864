#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "server/command_line.h"
#include "server/gate.h"

namespace tipgate {

// What the configuration, the policy and the gifts say, and what the flags say instead.
// `format_version` is the data directory's. The message of an error names file and line.
absl::StatusOr<Gate::Options> LoadGateOptions(const CommandLine& flags, int32_t format_version);

}  // namespace tipgate

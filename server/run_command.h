#pragma once

#include "absl/status/statusor.h"
#include "core/command.h"
#include "server/pipeline.h"

namespace tipgate {

// Submits a command of the gate itself and waits for it. The command with its answers; UNAVAILABLE
// if it was not executed. Not on a thread of the pipeline.
absl::StatusOr<Command> RunCommand(Pipeline& pipeline, Command command);

}  // namespace tipgate

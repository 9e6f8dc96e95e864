#pragma once

#include <optional>

#include "core/command.h"
#include "server/job.h"
#include "server/rpc.h"

namespace tipgate {

// Submits a command of the gate itself, waits for it and fills in its answers; the error if it was
// not executed. Not on a thread of the pipeline.
std::optional<CallError> RunCommand(JobIntake* pipeline, Command* command);

}  // namespace tipgate

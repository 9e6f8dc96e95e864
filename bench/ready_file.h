#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/child_process.h"

namespace tipgate {

// What a server writes into its --ready-file when it serves.
struct ReadyAddresses {
  std::string listen;   // host:port
  std::string metrics;  // host:port, or empty
};

// Sleeps until `child` has renamed its ready file to `path`, whose folder exists, then reads it.
// FAILED_PRECONDITION if the child ends first, with its exit code and last words; DEADLINE_EXCEEDED
// after `timeout`; CANCELLED after an interrupt (see CatchInterrupts).
absl::StatusOr<ReadyAddresses> WaitForReadyFile(ChildProcess& child, const std::string& path,
                                                absl::Duration timeout);

}  // namespace tipgate

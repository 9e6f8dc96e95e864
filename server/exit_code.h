#pragma once

#include "absl/status/status.h"

namespace tipgate {

// Exit codes of the server, after sysexits.h. Stable: scripts and service units may rely on them.
enum class ExitCode {
  kDrained = 0,       // SIGTERM, SIGINT or SIGHUP: everything submitted was answered
  kUsage = 64,        // wrong flags
  kDamaged = 65,      // the data directory has lost or damaged bytes
  kUnavailable = 69,  // an address cannot be listened on, or the clock is not to be trusted
  kCannotOpen = 73,  // the data directory is in use, unwritable, full, foreign or of another format
  kIoError = 74,     // a write or fsync failed: restart, which recovers what was acknowledged
  kConfig = 78,      // wrong config, policy or gifts; too few open files
};

// What a failure to open the data directory exits with.
inline ExitCode ExitCodeOfOpen(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kDataLoss) return ExitCode::kDamaged;
  return ExitCode::kCannotOpen;
}

// What a failure to recover from it exits with: it is damaged, or does not fit clock or policy.
inline ExitCode ExitCodeOfRecovery(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kDataLoss) return ExitCode::kDamaged;
  return ExitCode::kConfig;
}

// What a failure to write, or to read what was written, exits with.
inline ExitCode ExitCodeOfStop(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kDataLoss) return ExitCode::kDamaged;
  return ExitCode::kIoError;
}

}  // namespace tipgate

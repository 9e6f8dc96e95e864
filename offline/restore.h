#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "offline/verification_report.h"

namespace tipgate {

// What to restore, and where to.
struct RestoreOptions {
  std::string backup_dir = "";
  std::string data_dir = "";  // empty, or not there yet, or what an interrupted restore left
  int64_t backup_id = 0;      // 0: the newest
  int64_t to_sequence = 0;    // > 0: only the entries up to this one
  int64_t to_time_ms = 0;     // > 0: only those up to this Unix time; at most one of the two is set
};

// What a restore goes through, one after the other.
enum class RestoreStep { kCopy, kGoBack, kVerify };

// Told some times a second how far a step is: bytes copied of those to copy, entries verified of
// those to verify. Nothing of kGoBack but that it begins.
using RestoreProgress =
    absl::FunctionRef<void(RestoreStep step, int64_t done_count, int64_t total_count)>;

struct RestoreReport {
  int64_t backup_id = 0;
  VerificationReport verified;
};

// Restores a backup to a new data directory, perhaps as it was at an earlier point of its journal:
// state and keys are made anew then. All of it is verified, as by VerifyDirectory, before it counts
// as a data directory, which it does at once: a gate refuses what an interrupted restore, or one
// that failed, has left. Files are for their owner alone if the process's umask says so.
//
// DATA_LOSS: the backup is damaged. NOT_FOUND, OUT_OF_RANGE: there is no such backup, or it does
// not contain that point. FAILED_PRECONDITION: something else is there, or another format. Other
// errors are of the disk.
absl::StatusOr<RestoreReport> Restore(const RestoreOptions& options, RestoreProgress progress);

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "offline/verification_report.h"

namespace tipgate {

// What is told of one backup; all of it as in core/backup_store.h.
struct BackupLine {
  int64_t id = 0;
  int64_t create_time_ms = 0;
  int64_t sequence = 0;
  std::string chain_head;
  int64_t bytes = 0;
};

// The backups of a directory, the oldest first. NOT_FOUND if there are none.
absl::StatusOr<std::vector<BackupLine>> ListBackups(const std::string& backup_dir);

// Verifies one where it is, as VerifyDirectory does, after the checksums of its files; 0: the
// newest. Changes nothing. DATA_LOSS is the first fault. NOT_FOUND: there is no such backup.
absl::StatusOr<VerificationReport> VerifyBackup(const std::string& backup_dir, int64_t id,
                                                VerificationProgress progress);

}  // namespace tipgate

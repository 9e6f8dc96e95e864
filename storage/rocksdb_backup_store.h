#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/backup_store.h"
#include "core/journal.h"
#include "storage/database.h"

namespace tipgate {

// Backups of an open database by RocksDB's BackupEngine.
//
// Why not a checkpoint: that links tables, so it must lie on the volume whose loss a backup is to
// outlive, and where it does not each one copies everything. The engine copies each table once, for
// all backups that contain it, with checksums, and what is not whole is no backup.
//
// What is in memory is flushed before, so that a backup has little in logs, which are never shared.
// The logs are copied last, as far as they reached by then: with all that was synced before,
// entries before the state that contains them.
class RocksDbBackupStore : public BackupStore {
 public:
  struct Options {
    std::string path;  // made where it is missing, for its owner alone
    int64_t bytes_per_second_max = 0;
    int64_t kept_count = 0;  // older ones are deleted once a new one is whole
  };

  // Both outlive it.
  RocksDbBackupStore(const Database* database, const Journal* journal, Options options);

  absl::StatusOr<Backup> Create(GoOn go_on) override;
  absl::StatusOr<std::vector<Backup>> List() const override;

 private:
  const Database& database_;
  const Journal& journal_;
  const Options options_;
  absl::Mutex mutex_;  // one at a time
};

}  // namespace tipgate

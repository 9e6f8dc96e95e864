#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/backup_store.h"
#include "storage/database.h"

namespace rocksdb {
class BackupEngineReadOnly;
class Env;
class Status;
struct BackupInfo;
}  // namespace rocksdb

namespace tipgate {

class GentleFileSystem;

// The backups of a directory, to read: those that RocksDB's BackupEngine keeps there, of which each
// carries a mark of the journal. Others may make more meanwhile. One thread.
//
//   DIR/meta/N             which files belong to backup N, with checksums
//   DIR/private/N/         files of its own: logs, the manifest
//   DIR/shared_checksum/   tables, which several backups have in common
class BackupDirectory {
 public:
  // NOT_FOUND if there are no backups.
  static absl::StatusOr<std::unique_ptr<BackupDirectory>> Open(const std::string& path);
  ~BackupDirectory();

  // All that are whole, the oldest first.
  std::vector<Backup> List() const;

  // One of them; 0: the newest. NOT_FOUND if it is not there, DATA_LOSS if it is damaged.
  absl::StatusOr<Backup> Find(int64_t id) const;

  // Reads all of its files. DATA_LOSS if one of them is damaged, which it names.
  absl::Status Check(int64_t id) const;

  // Copies its database to a directory that is empty or does not exist. Not durable yet. DATA_LOSS
  // if a file of it is damaged. `tell` hears how many bytes have been written so far.
  using Tell = absl::FunctionRef<void(int64_t written_bytes)>;
  absl::Status Restore(int64_t id, const std::string& database_path, Tell tell) const;

  // Opens its database where it is, to read. This outlives it.
  absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(int64_t id) const;

 private:
  explicit BackupDirectory(std::string path);

  const std::string path_;
  // Counts and spreads what a restore writes; outlives the engine.
  const std::shared_ptr<GentleFileSystem> file_system_;
  const std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::BackupEngineReadOnly> engine_;
};

// What goes with each backup, as a text.
std::string MarkOf(const Backup& backup);

// The border between the BackupEngine's errors and ours: `what`, such as "make a backup in DIR",
// and what to do. DATA_LOSS: a backup is damaged. RESOURCE_EXHAUSTED: the volume is full.
// CANCELLED: it was told to stop. UNAVAILABLE: anything else.
absl::Status FromBackupEngine(const rocksdb::Status& status, absl::string_view what);

// The backup that RocksDB tells of. False if nothing of ours goes with it.
bool ToBackup(const rocksdb::BackupInfo& info, Backup* backup);

}  // namespace tipgate

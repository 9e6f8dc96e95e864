#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/backup_store.h"
#include "core/entry.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/rocksdb_backup_store.h"
#include "storage/rocksdb_journal.h"
#include "tests/storage/evening_directory.h"

namespace tipgate {

// The data directory of a random evening, open as a gate has it, with backups beside it.
class LiveDirectory {
 public:
  // Only the first entries are there at once, as far as there are so many.
  LiveDirectory(const std::string& path, RocksDbBackupStore::Options backups,
                size_t entries_count = SIZE_MAX, const EveningDirectoryOptions& options = {});

  // So many more of them.
  void Append(size_t count);

  // A backup, which must come to its end.
  Backup Back();
  BackupStore& backups() { return backups_; }

  // The evening; entry 1 first.
  const std::vector<Entry>& entries() const { return entries_; }
  JournalHead head() const { return journal_->Head(); }
  Database& database() { return *database_; }
  const Journal& journal() const { return *journal_; }

 private:
  std::vector<Entry> entries_;
  std::unique_ptr<DataDirectory> directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<RocksDbJournal> journal_;
  RocksDbBackupStore backups_;
};

// How fast a backup is that nobody waits beside.
inline constexpr int64_t kUnhurt = int64_t{1} << 40;

}  // namespace tipgate

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
}  // namespace rocksdb

namespace tipgate {

class BackgroundErrorLatch;
class ForgetFilter;

struct DatabaseOptions {
  int64_t block_cache_bytes = int64_t{256} << 20;
  int64_t write_buffer_bytes = int64_t{256} << 20;  // all that is not yet in files, together
  int open_files_max = 1024;
  // Refused to open with less: the full write buffer of one family, to go on for a while.
  int64_t free_bytes_min = int64_t{64} << 20;
  bool compacts_keys = true;  // false: they are damaged, and about to be cleared
  // Called by each of RocksDB's own threads before a flush or a compaction. May be empty.
  std::function<void()> on_background_work = {};
  rocksdb::Env* env = nullptr;  // null: the real file system; tests put faults here
};

// What operators watch. Bytes, unless the name says otherwise.
struct DatabaseStats {
  int64_t wal_bytes = 0;
  int64_t sst_bytes = 0;
  int64_t memtable_bytes = 0;
  int64_t block_cache_bytes = 0;
  int64_t pending_compaction_bytes = 0;
  int64_t running_compactions_count = 0;
  int64_t background_errors_count = 0;
  bool is_stalled = false;  // RocksDB slows or stops writes until compaction catches up
};

// A file that grows at its end, such as a log, and how many bytes of it are durable.
struct DurableLog {
  std::string name;
  int64_t bytes = 0;
};

// Which part of the database; a column family each.
enum class Family { kJournal, kState, kKeys, kMeta };
inline constexpr size_t kFamiliesCount = 4;

// One open RocksDB with the options that the promises rest on (database_options.cc). Any thread.
class Database {
 public:
  // `path`: a directory that only this process uses. DATA_LOSS if what is there is damaged,
  // RESOURCE_EXHAUSTED if the volume has too little space. Nothing was written then.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path,
                                                        const DatabaseOptions& options);

  // The same to read alone: nothing is changed on the disk, not even by RocksDB itself, and what
  // its logs hold stays in memory. DATA_LOSS also if there is none.
  static absl::StatusOr<std::unique_ptr<Database>> OpenToRead(const std::string& path,
                                                              const DatabaseOptions& options);
  ~Database();

  // The first error of RocksDB's own threads. Not OK: nothing more can be written, the process must
  // stop.
  absl::Status BackgroundError() const;

  DatabaseStats Stats() const;

  // Syncs the logs; they and the MANIFEST as far as they are durable, at ends of records. An error:
  // the outcome is unknown, the process must stop.
  absl::StatusOr<std::vector<DurableLog>> SyncLogs() const;

  // Makes a family empty, whatever is in it, damage included. Nothing else may use it meanwhile.
  absl::Status Clear(Family family);

  // For the rest of storage/.
  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<size_t>(family)];
  }
  ForgetFilter& forget_filter() const { return *forget_filter_; }

 private:
  explicit Database(const DatabaseOptions& options);

  void Adopt(rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles);

  std::shared_ptr<BackgroundErrorLatch> background_error_;
  std::unique_ptr<ForgetFilter> forget_filter_;  // outlives db_, whose compactions call it
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamiliesCount> families_{};
  rocksdb::ColumnFamilyHandle* default_family_ = nullptr;  // RocksDB insists on it; stays empty
};

}  // namespace tipgate

#include "storage/database.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "rocksdb/db.h"
#include "rocksdb/transaction_log.h"
#include "storage/background_error_latch.h"
#include "storage/database_options.h"
#include "storage/forget_filter.h"
#include "storage/free_space.h"
#include "storage/log_tail.h"
#include "storage/rocksdb_status.h"

namespace tipgate {
namespace {

// A number that RocksDB keeps, summed over the families.
int64_t SumOf(rocksdb::DB& db, const rocksdb::Slice& property) {
  uint64_t value = 0;
  return db.GetAggregatedIntProperty(property, &value) ? static_cast<int64_t>(value) : 0;
}

// A number that RocksDB keeps once for all families, or that `family` speaks for.
int64_t ValueOf(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family,
                const rocksdb::Slice& property) {
  uint64_t value = 0;
  return db.GetIntProperty(family, property, &value) ? static_cast<int64_t>(value) : 0;
}

int64_t WalBytes(rocksdb::DB& db) {
  rocksdb::VectorLogPtr files;
  if (!db.GetSortedWalFiles(files).ok()) return 0;  // raced with a deletion; the next look sees it
  int64_t bytes = 0;
  for (const auto& file : files) bytes += static_cast<int64_t>(file->SizeFileBytes());
  return bytes;
}

}  // namespace

Database::Database(const DatabaseOptions& options)
    : background_error_(std::make_shared<BackgroundErrorLatch>(options.on_background_work)),
      forget_filter_(std::make_unique<ForgetFilter>()) {}

Database::~Database() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    if (family != nullptr) db_->DestroyColumnFamilyHandle(family);
  }
  db_->DestroyColumnFamilyHandle(default_family_);
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path,
                                                         const DatabaseOptions& options) {
  if (absl::Status status = CheckLogTails(path); !status.ok()) return status;
  DeleteTrash(path);
  if (absl::Status status = CheckFreeSpace(path, options.free_bytes_min); !status.ok()) {
    return status;
  }
  std::unique_ptr<Database> database(new Database(options));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(MakeDbOptions(options, database->background_error_), path,
                        MakeFamilies(options, database->forget_filter_.get()), &handles, &db);
  if (!status.ok()) return FromRocksDb(status, "open the database " + path);
  database->Adopt(db, handles);
  return database;
}

absl::StatusOr<std::unique_ptr<Database>> Database::OpenToRead(const std::string& path,
                                                               const DatabaseOptions& options) {
  if (absl::Status status = CheckLogTails(path); !status.ok()) return status;
  std::unique_ptr<Database> database(new Database(options));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(
      MakeReadOnlyDbOptions(options, database->background_error_), path,
      MakeFamilies(options, database->forget_filter_.get()), &handles, &db);
  if (!status.ok()) return FromRocksDb(status, "open the database " + path);
  database->Adopt(db, handles);
  return database;
}

void Database::Adopt(rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  db_.reset(db);
  default_family_ = handles[0];
  for (size_t i = 0; i < kFamiliesCount; ++i) families_[i] = handles[i + 1];
}

absl::Status Database::BackgroundError() const { return background_error_->first_error(); }

absl::StatusOr<std::vector<DurableLog>> Database::SyncLogs() const {
  std::vector<DurableLog> logs;
  std::error_code error;  // what cannot be listed now is marked the next time
  for (const auto& file : std::filesystem::directory_iterator(db_->GetName(), error)) {
    const std::string name = file.path().filename().string();
    if (absl::EndsWith(name, ".log")) logs.push_back({name, WholeLogBytes(file.path().string())});
  }
  rocksdb::Status status = db_->SyncWAL();  // what was seen above, and more
  if (!status.ok()) return FromRocksDb(status, "sync the logs");
  std::vector<std::string> files;  // with a slash before each
  uint64_t manifest_bytes = 0;
  status = db_->GetLiveFiles(files, &manifest_bytes, /*flush_memtable=*/false);
  if (!status.ok()) return FromRocksDb(status, "list the files of the database");
  for (const std::string& file : files) {
    const absl::string_view name = absl::StripPrefix(file, "/");
    if (!IsLogName(name)) continue;
    logs.push_back({std::string(name), static_cast<int64_t>(manifest_bytes)});
  }
  return logs;
}

absl::Status Database::Clear(Family family) {
  rocksdb::ColumnFamilyHandle*& handle = families_[static_cast<size_t>(family)];
  rocksdb::ColumnFamilyDescriptor descriptor;
  rocksdb::Status status = handle->GetDescriptor(&descriptor);
  if (status.ok()) status = db_->DropColumnFamily(handle);  // reads none of its files
  if (!status.ok()) return FromRocksDb(status, "drop a column family");
  db_->DestroyColumnFamilyHandle(std::exchange(handle, nullptr));
  descriptor.options.disable_auto_compactions = false;
  // Where a crash comes in between, the next Open creates it.
  status = db_->CreateColumnFamily(descriptor.options, descriptor.name, &handle);
  return FromRocksDb(status, "create the column family " + descriptor.name);
}

DatabaseStats Database::Stats() const {
  using Properties = rocksdb::DB::Properties;
  DatabaseStats stats;
  stats.wal_bytes = WalBytes(*db_);
  stats.sst_bytes = SumOf(*db_, Properties::kTotalSstFilesSize);
  stats.memtable_bytes = SumOf(*db_, Properties::kSizeAllMemTables);
  stats.pending_compaction_bytes = SumOf(*db_, Properties::kEstimatePendingCompactionBytes);
  rocksdb::ColumnFamilyHandle* any = default_family_;
  stats.block_cache_bytes = ValueOf(*db_, any, Properties::kBlockCacheUsage);
  stats.running_compactions_count = ValueOf(*db_, any, Properties::kNumRunningCompactions);
  stats.background_errors_count = background_error_->errors_count();
  stats.is_stalled = ValueOf(*db_, any, Properties::kIsWriteStopped) != 0 ||
                     ValueOf(*db_, any, Properties::kActualDelayedWriteRate) != 0;
  return stats;
}

}  // namespace tipgate

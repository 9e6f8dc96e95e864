#include "storage/rocksdb_backup_store.h"

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/rate_limiter.h"
#include "rocksdb/utilities/backup_engine.h"
#include "storage/backup_directory.h"
#include "storage/data_directory.h"
#include "storage/directory_lock.h"
#include "storage/gentle_file_system.h"
#include "storage/small_file.h"
#include "storage/watched_copy.h"

namespace tipgate {
namespace {

// A copy waits after each piece: many small ones leave the disk to others in between.
constexpr int64_t kRefillMicros = 20'000;

rocksdb::BackupEngineOptions EngineOptions(const RocksDbBackupStore::Options& options,
                                           rocksdb::Env* env) {
  rocksdb::BackupEngineOptions engine(options.path, env);
  engine.backup_rate_limiter.reset(
      rocksdb::NewGenericRateLimiter(options.bytes_per_second_max, kRefillMicros));
  return engine;
}

rocksdb::CreateBackupOptions CreateOptions() {
  rocksdb::CreateBackupOptions create;
  create.flush_before_backup = true;
  create.decrease_background_thread_cpu_priority = true;
  create.background_thread_cpu_priority = rocksdb::CpuPriority::kLow;
  return create;
}

}  // namespace

RocksDbBackupStore::RocksDbBackupStore(const Database* database, const Journal* journal,
                                       Options options)
    : database_(*database), journal_(*journal), options_(std::move(options)) {}

absl::StatusOr<Backup> RocksDbBackupStore::Create(GoOn go_on) {
  const absl::MutexLock lock(&mutex_);
  const std::string doing = "make a backup in " + options_.path;
  const auto file_system = std::make_shared<GentleFileSystem>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(file_system);
  std::error_code error;
  std::filesystem::create_directories(options_.path, error);
  if (error) return IoError(error.value(), doing);
  const absl::StatusOr<DirectoryLock> owned = DirectoryLock::Own(options_.path, "backup directory");
  if (!owned.ok()) return owned.status();
  rocksdb::BackupEngine* opened = nullptr;
  rocksdb::Status status = rocksdb::BackupEngine::Open(EngineOptions(options_, env.get()),
                                                       rocksdb::Env::Default(), &opened);
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  if (!status.ok()) return FromBackupEngine(status, doing);

  const JournalHead head = journal_.Head();
  const std::string mark = MarkOf(
      {.sequence = head.sequence, .chain_head = ToHex(head.hash), .format = kDirectoryFormat});
  rocksdb::BackupID id = 0;
  status = RunWatched(
      [&] {
        return engine->CreateNewBackupWithMetadata(CreateOptions(), &database_.db(), mark, &id);
      },
      [&] { engine->StopBackup(); }, *file_system, go_on);
  if (status.ok()) {
    status = engine->PurgeOldBackups(static_cast<uint32_t>(options_.kept_count));
  }
  if (!status.ok()) return FromBackupEngine(status, doing);
  rocksdb::BackupInfo info;
  status = engine->GetBackupInfo(id, &info);
  Backup backup;
  if (status.ok() && ToBackup(info, &backup)) return backup;
  return FromBackupEngine(rocksdb::Status::Corruption("it cannot be read back"), doing);
}

absl::StatusOr<std::vector<Backup>> RocksDbBackupStore::List() const {
  const auto directory = BackupDirectory::Open(options_.path);
  if (absl::IsNotFound(directory.status())) return std::vector<Backup>();
  if (!directory.ok()) return directory.status();
  return (*directory)->List();
}

}  // namespace tipgate

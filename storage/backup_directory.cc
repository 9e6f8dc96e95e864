#include "storage/backup_directory.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "rocksdb/env.h"
#include "rocksdb/utilities/backup_engine.h"
#include "storage/advice.h"
#include "storage/gentle_file_system.h"
#include "storage/watched_copy.h"

namespace tipgate {
namespace {

constexpr char kOtherBackupAdvice[] = "take another backup";

absl::Status NoBackupsError(const std::string& path) {
  return absl::NotFoundError(absl::StrCat("there are no backups in ", path,
                                          "; name a gate's backup_dir, or a copy of one"));
}

rocksdb::BackupID ToEngine(int64_t id) { return static_cast<rocksdb::BackupID>(id); }

}  // namespace

std::string MarkOf(const Backup& backup) {
  return absl::StrCat("tipgate backup\nformat ", backup.format, "\nsequence ", backup.sequence,
                      "\nhash ", backup.chain_head, "\n");
}

bool ToBackup(const rocksdb::BackupInfo& info, Backup* backup) {
  const std::vector<std::string> words = absl::StrSplit(info.app_metadata, absl::ByAnyChar(" \n"));
  // tipgate backup format F sequence N hash H
  constexpr size_t kWords = 9;
  if (words.size() != kWords || !absl::SimpleAtoi(words[3], &backup->format) ||
      !absl::SimpleAtoi(words[5], &backup->sequence)) {
    return false;
  }
  backup->chain_head = words[7];
  backup->id = info.backup_id;
  backup->create_time_ms = info.timestamp * 1000;
  backup->bytes = static_cast<int64_t>(info.size);
  backup->files_count = info.number_files;
  return MarkOf(*backup) == info.app_metadata;
}

absl::Status FromBackupEngine(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(what, ": ", status.ToString());
  if (status.IsIncomplete()) return absl::CancelledError(text);
  if (status.IsNoSpace()) {
    return WithAdvice(absl::StatusCode::kResourceExhausted, text,
                      "free some space there, then do it again");
  }
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound()) {
    return WithAdvice(absl::StatusCode::kDataLoss, text, kOtherBackupAdvice);
  }
  return WithAdvice(absl::StatusCode::kUnavailable, text,
                    "see whether this process may read and write there, then do it again");
}

absl::StatusOr<std::unique_ptr<BackupDirectory>> BackupDirectory::Open(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path + "/meta", error)) return NoBackupsError(path);
  std::unique_ptr<BackupDirectory> directory(new BackupDirectory(path));
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::Status status = rocksdb::BackupEngineReadOnly::Open(
      rocksdb::BackupEngineOptions(path), directory->env_.get(), &engine);
  directory->engine_.reset(engine);
  if (!status.ok()) return FromBackupEngine(status, "open the backups in " + path);
  return directory;
}

BackupDirectory::BackupDirectory(std::string path)
    : path_(std::move(path)),
      file_system_(std::make_shared<GentleFileSystem>()),
      env_(rocksdb::NewCompositeEnv(file_system_)) {}

BackupDirectory::~BackupDirectory() = default;

std::vector<Backup> BackupDirectory::List() const {
  std::vector<rocksdb::BackupInfo> infos;
  engine_->GetBackupInfo(&infos);
  std::vector<Backup> backups;
  for (const rocksdb::BackupInfo& info : infos) {
    Backup backup;
    if (ToBackup(info, &backup)) backups.push_back(std::move(backup));
  }
  return backups;
}

absl::StatusOr<Backup> BackupDirectory::Find(int64_t id) const {
  const std::vector<Backup> backups = List();
  if (id == 0 && !backups.empty()) return backups.back();
  for (const Backup& backup : backups) {
    if (backup.id == id) return backup;
  }
  std::vector<rocksdb::BackupID> damaged;
  engine_->GetCorruptedBackups(&damaged);
  for (const rocksdb::BackupID other : damaged) {
    if (id != 0 && other != ToEngine(id)) continue;
    return WithAdvice(absl::StatusCode::kDataLoss,
                      absl::StrCat("backup ", other, " in ", path_,
                                   " is damaged: a file of it is missing or has another size"),
                      kOtherBackupAdvice);
  }
  if (id == 0) return NoBackupsError(path_);
  return absl::NotFoundError(absl::StrCat("there is no backup ", id, " in ", path_));
}

absl::Status BackupDirectory::Check(int64_t id) const {
  return FromBackupEngine(engine_->VerifyBackup(ToEngine(id), /*verify_with_checksum=*/true),
                          absl::StrCat("check backup ", id, " in ", path_));
}

absl::Status BackupDirectory::Restore(int64_t id, const std::string& database_path,
                                      Tell tell) const {
  const rocksdb::Status status = RunWatched(
      [&] { return engine_->RestoreDBFromBackup(ToEngine(id), database_path, database_path); },
      /*stop=*/[] {}, *file_system_,
      [&](int64_t written_bytes) {
        tell(written_bytes);
        return true;
      });
  return FromBackupEngine(
      status, absl::StrCat("restore backup ", id, " of ", path_, " to ", database_path));
}

absl::StatusOr<std::unique_ptr<Database>> BackupDirectory::OpenDatabase(int64_t id) const {
  rocksdb::BackupInfo info;
  const rocksdb::Status status =
      engine_->GetBackupInfo(ToEngine(id), &info, /*include_file_details=*/true);
  if (!status.ok()) return FromBackupEngine(status, absl::StrCat("open backup ", id));
  return Database::OpenToRead(info.name_for_open, {.env = info.env_for_open.get()});
}

}  // namespace tipgate

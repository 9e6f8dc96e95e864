#include "offline/backups.h"

#include "absl/strings/str_cat.h"
#include "offline/database_verification.h"
#include "storage/backup_directory.h"
#include "storage/head_mark.h"

namespace tipgate {

absl::StatusOr<std::vector<BackupLine>> ListBackups(const std::string& backup_dir) {
  const auto directory = BackupDirectory::Open(backup_dir);
  if (!directory.ok()) return directory.status();
  std::vector<BackupLine> lines;
  for (const Backup& backup : (*directory)->List()) {
    lines.push_back({.id = backup.id,
                     .create_time_ms = backup.create_time_ms,
                     .sequence = backup.sequence,
                     .chain_head = backup.chain_head,
                     .bytes = backup.bytes});
  }
  return lines;
}

absl::StatusOr<VerificationReport> VerifyBackup(const std::string& backup_dir, int64_t id,
                                                VerificationProgress progress) {
  const auto directory = BackupDirectory::Open(backup_dir);
  if (!directory.ok()) return directory.status();
  const absl::StatusOr<Backup> backup = (*directory)->Find(id);
  if (!backup.ok()) return backup.status();
  if (absl::Status status = (*directory)->Check(backup->id); !status.ok()) return status;
  const auto database = (*directory)->OpenDatabase(backup->id);
  if (!database.ok()) return database.status();
  const auto check_reaches = [&](const Journal& journal) {
    return CheckContains(journal, backup->sequence, backup->chain_head,
                         absl::StrCat("backup ", backup->id));
  };
  return VerifyDatabase(**database, check_reaches, progress);
}

}  // namespace tipgate

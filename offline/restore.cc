#include "offline/restore.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "offline/database_verification.h"
#include "offline/point_in_time.h"
#include "storage/backup_directory.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/head_mark.h"
#include "storage/rocksdb_journal.h"

namespace tipgate {
namespace {

std::optional<PointInTime> PointOf(const RestoreOptions& options) {
  if (options.to_sequence == 0 && options.to_time_ms == 0) return std::nullopt;
  return PointInTime{.last_sequence = options.to_sequence, .time_ms = options.to_time_ms};
}

absl::Status CheckBackupFormat(const Backup& backup) {
  if (backup.format == kDirectoryFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "backup ", backup.id, " has format ", backup.format, ", and this tipctl restores format ",
      kDirectoryFormat, "; use the tipctl of the version that made it"));
}

// The step after another is only right if the one before was.
class Restoration {
 public:
  Restoration(const RestoreOptions& options, const BackupDirectory& backups, const Backup& backup,
              DataDirectory* directory, RestoreProgress progress)
      : point_(PointOf(options)),
        backups_(backups),
        backup_(backup),
        directory_(*directory),
        progress_(progress) {}

  absl::StatusOr<RestoreReport> Run() {
    absl::Status status = Copy();
    if (status.ok() && point_.has_value()) status = GoBack();
    if (!status.ok()) return status;
    absl::StatusOr<VerificationReport> verified = Verify();
    if (!verified.ok()) return verified.status();
    status = directory_.FinishRestore();
    if (!status.ok()) return status;
    return RestoreReport{.backup_id = backup_.id, .verified = *std::move(verified)};
  }

 private:
  absl::Status Copy() {
    return backups_.Restore(backup_.id, directory_.database_path(), [this](int64_t bytes) {
      progress_(RestoreStep::kCopy, bytes, backup_.bytes);
    });
  }

  // What is cut off must have been right itself.
  absl::Status GoBack() {
    progress_(RestoreStep::kGoBack, 0, 0);
    {
      const auto database = Database::OpenToRead(directory_.database_path(), {});
      if (!database.ok()) return database.status();
      const auto journal = RocksDbJournal::Open(database->get());
      if (!journal.ok()) return journal.status();
      if (absl::Status status = CheckReaches(**journal); !status.ok()) return status;
    }
    return GoBackTo(*point_, directory_.database_path());
  }

  absl::StatusOr<VerificationReport> Verify() {
    const auto database = Database::OpenToRead(directory_.database_path(), {});
    if (!database.ok()) return database.status();
    const auto mark = [this](const Journal& journal) {
      absl::Status status = point_.has_value() ? absl::OkStatus() : CheckReaches(journal);
      const JournalHead head = journal.Head();
      if (!status.ok() || head.sequence == 0) return status;
      return WriteHeadMark(directory_.path(), head);
    };
    return VerifyDatabase(**database, mark, [this](int64_t done, int64_t total) {
      progress_(RestoreStep::kVerify, done, total);
    });
  }

  // What was acknowledged before the backup was begun is in it.
  absl::Status CheckReaches(const Journal& journal) const {
    return CheckContains(journal, backup_.sequence, backup_.chain_head,
                         absl::StrCat("backup ", backup_.id));
  }

  const std::optional<PointInTime> point_;
  const BackupDirectory& backups_;
  const Backup& backup_;
  DataDirectory& directory_;
  const RestoreProgress progress_;
};

}  // namespace

absl::StatusOr<RestoreReport> Restore(const RestoreOptions& options, RestoreProgress progress) {
  const auto backups = BackupDirectory::Open(options.backup_dir);
  if (!backups.ok()) return backups.status();
  const absl::StatusOr<Backup> backup = (*backups)->Find(options.backup_id);
  if (!backup.ok()) return backup.status();
  if (absl::Status status = CheckBackupFormat(*backup); !status.ok()) return status;
  const auto directory = DataDirectory::OpenToRestore(options.data_dir);
  if (!directory.ok()) return directory.status();
  return Restoration(options, **backups, *backup, directory->get(), progress).Run();
}

}  // namespace tipgate

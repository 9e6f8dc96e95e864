#include "tests/offline/live_directory.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace tipgate {
namespace {

std::vector<Entry> Make(const std::string& path, size_t entries_count,
                        EveningDirectoryOptions options) {
  std::vector<Entry> all;
  const auto forge = options.forge_entries;
  options.forge_entries = [&](std::vector<Entry>& entries) {
    forge(entries);
    all = entries;
    entries.resize(std::min(entries.size(), entries_count));
  };
  MakeEveningDirectory(path, options);
  return all;
}

}  // namespace

LiveDirectory::LiveDirectory(const std::string& path, RocksDbBackupStore::Options backups,
                             size_t entries_count, const EveningDirectoryOptions& options)
    : entries_(Make(path, entries_count, options)),
      directory_(*DataDirectory::Open(path)),
      database_(*Database::Open(directory_->database_path(), {})),
      journal_(*RocksDbJournal::Open(database_.get())),
      backups_(database_.get(), journal_.get(), std::move(backups)) {
  TIPGATE_CHECK(journal_->Claim().ok());
}

void LiveDirectory::Append(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    TIPGATE_CHECK(journal_->Append(entries_.at(journal_->Head().sequence)).ok());
  }
}

Backup LiveDirectory::Back() {
  const absl::StatusOr<Backup> backup = backups_.Create([](int64_t) { return true; });
  TIPGATE_CHECK(backup.ok());
  return *backup;
}

}  // namespace tipgate

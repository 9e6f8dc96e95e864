#include "tests/crash/journal_on_disk.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/scratch_directory.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "storage/byte_order.h"
#include "storage/entry_codec.h"
#include "storage/rocksdb_status.h"

namespace tipgate::crash {
namespace {

constexpr char kJournalFamily[] = "journal";

// RocksDB would write a log of its own into the directory.
class SilentLogger final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// The directory, opened to be read. Closes handles and database.
class OpenDirectory {
 public:
  OpenDirectory() = default;
  OpenDirectory(const OpenDirectory&) = delete;
  OpenDirectory& operator=(const OpenDirectory&) = delete;
  ~OpenDirectory() {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
  }

  // `scratch_path`: for files of its own.
  absl::Status Open(const std::string& path, const std::string& scratch_path) {
    rocksdb::DBOptions options;
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.info_log = std::make_shared<SilentLogger>();
    options.max_open_files = -1;  // a secondary insists on it
    const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
        {rocksdb::kDefaultColumnFamilyName, {}}, {kJournalFamily, {}}};
    rocksdb::DB* db = nullptr;
    // Not OpenForReadOnly: Debian's RocksDB 7.8, whose assertions are on, ends the process in it.
    const rocksdb::Status status =
        rocksdb::DB::OpenAsSecondary(options, path, scratch_path, families, &handles_, &db);
    db_.reset(db);
    return FromRocksDb(status, "open the journal on disk");
  }

  std::unique_ptr<rocksdb::Iterator> ReadJournal() {
    return std::unique_ptr<rocksdb::Iterator>(
        db_->NewIterator(rocksdb::ReadOptions(), handles_.back()));
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

absl::StatusOr<bool> HasJournal(const std::string& path) {
  if (!std::filesystem::exists(absl::StrCat(path, "/CURRENT"))) return false;
  std::vector<std::string> names;
  const rocksdb::Status status =
      rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &names);
  if (!status.ok()) return FromRocksDb(status, "list what is on disk");
  return std::find(names.begin(), names.end(), kJournalFamily) != names.end();
}

}  // namespace

absl::Status ReadJournalOnDisk(const std::string& data_dir, const EntryTaker& take) {
  const std::string path = absl::StrCat(data_dir, "/db");
  const absl::StatusOr<bool> has_journal = HasJournal(path);
  if (!has_journal.ok() || !*has_journal) return has_journal.status();
  const auto scratch = ScratchDirectory::Create();
  if (!scratch.ok()) return scratch.status();
  OpenDirectory directory;
  if (absl::Status status = directory.Open(path, scratch->path()); !status.ok()) return status;
  EntryDecoder decoder;
  Entry entry;
  EntryLink link;
  ChainHash last{};
  int64_t sequence = 0;
  const std::unique_ptr<rocksdb::Iterator> iterator = directory.ReadJournal();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    absl::Status status = decoder.Decode(ToView(iterator->value()), &entry, &link);
    if (!status.ok()) return status;
    if (entry.sequence != ++sequence || link.previous != last) {
      return absl::DataLossError(absl::StrCat("the chain is broken at entry ", sequence));
    }
    last = link.hash;
    if (!take(entry, link.hash)) break;
  }
  return FromRocksDb(iterator->status(), "read the journal on disk");
}

}  // namespace tipgate::crash

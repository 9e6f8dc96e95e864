#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <utility>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "storage/database.h"
#include "storage/journal_reader.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_status.h"
#include "tests/storage/sample_entries.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {

// A database with its journal, as main opens them.
struct OpenJournal {
  std::unique_ptr<Database> database;
  std::unique_ptr<RocksDbJournal> journal;
};

inline absl::StatusOr<OpenJournal> OpenJournalAt(const std::string& path,
                                                 const DatabaseOptions& options = {}) {
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path, options);
  if (!database.ok()) return database.status();
  absl::StatusOr<std::unique_ptr<RocksDbJournal>> journal = RocksDbJournal::Open(database->get());
  if (!journal.ok()) return journal.status();
  return OpenJournal{*std::move(database), *std::move(journal)};
}

// A journal in a directory of its own.
class JournalFixture : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(Reopen()); }

  void Reopen() {
    Close();
    absl::StatusOr<OpenJournal> open = OpenJournalAt(path());
    ASSERT_TRUE(open.ok()) << open.status();
    open_ = *std::move(open);
    ASSERT_TRUE(journal().Claim().ok());
  }
  void Close() {
    open_.journal.reset();
    open_.database.reset();
  }

  absl::Status Append(int tips_count = 3) {
    return journal().Append(RandomTips(journal().Head().sequence + 1, tips_count, random_));
  }
  void AppendEntries(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(Append().ok());
  }

  // Overwrites the bytes of an entry behind the journal's back.
  void PutRaw(int64_t sequence, absl::string_view bytes) {
    ASSERT_TRUE(database()
                    .db()
                    .Put(rocksdb::WriteOptions(), database().family(Family::kJournal),
                         ToSlice(JournalKey(sequence).view()), ToSlice(bytes))
                    .ok());
  }
  std::string GetRaw(int64_t sequence) {
    std::string bytes;
    EXPECT_TRUE(database()
                    .db()
                    .Get(rocksdb::ReadOptions(), database().family(Family::kJournal),
                         ToSlice(JournalKey(sequence).view()), &bytes)
                    .ok());
    return bytes;
  }
  void DeleteRaw(int64_t sequence) {
    ASSERT_TRUE(database()
                    .db()
                    .Delete(rocksdb::WriteOptions(), database().family(Family::kJournal),
                            ToSlice(JournalKey(sequence).view()))
                    .ok());
  }

  // What a walk from the first entry ends with: OK at the durable end.
  absl::Status Walk() {
    Entry entry;
    const std::unique_ptr<JournalReader> reader = journal().ReadFrom(1);
    while (true) {
      const absl::StatusOr<bool> has_entry = reader->Next(&entry);
      if (!has_entry.ok()) return has_entry.status();
      if (!*has_entry) return absl::OkStatus();
    }
  }

  std::string path() const { return temporary_.File("db"); }
  Database& database() { return *open_.database; }
  RocksDbJournal& journal() { return *open_.journal; }

  const TemporaryDirectory temporary_;
  std::mt19937_64 random_{20260101};
  OpenJournal open_;
};

}  // namespace tipgate

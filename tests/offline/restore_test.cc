// A backup becomes a data directory again, as a whole or as it was at an earlier point.

#include "offline/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/key_memory.h"
#include "offline/verify_directory.h"
#include "storage/rocksdb_state_store.h"
#include "tests/offline/live_directory.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RestoreTest : public testing::Test {
 protected:
  RocksDbBackupStore::Options Backups() {
    return {.path = backup_dir_, .bytes_per_second_max = kUnhurt, .kept_count = 30};
  }

  absl::StatusOr<RestoreReport> Run(RestoreOptions options = {}) {
    options.backup_dir = backup_dir_;
    options.data_dir = target_;
    return Restore(options, [this](RestoreStep step, int64_t, int64_t) { last_step_ = step; });
  }

  // The head of the source after an entry.
  static std::string HashOf(const Journal& journal, int64_t sequence) {
    Entry entry;
    const auto reader = journal.ReadFrom(sequence);
    EXPECT_TRUE(reader->Next(&entry).value_or(false));
    return ToHex(reader->hash());
  }

  // The hash of the state that the first entries fold into.
  static std::string FoldTo(const std::vector<Entry>& entries, int64_t sequence) {
    State state;
    for (int64_t i = 0; i < sequence; ++i) FoldEntry(entries[static_cast<size_t>(i)], &state);
    return state.Fingerprint(entries[static_cast<size_t>(sequence - 1)].moment.time_ms).ToHex();
  }

  // A gate would not have what is there.
  void ExpectNoDataDirectory() {
    const absl::Status status = DataDirectory::Open(target_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(status.message(), HasSubstr("a restore that did not come to its end"));
  }

  const TemporaryDirectory temporary_;
  const std::string backup_dir_ = temporary_.File("backups");
  const std::string target_ = temporary_.File("restored");
  RestoreStep last_step_{};
};

TEST_F(RestoreTest, GivesTheDirectoryThatWasThere) {
  std::string head;
  {
    LiveDirectory live(temporary_.File("data"), Backups());
    live.Back();
    head = ToHex(live.head().hash);
  }
  const auto before = VerifyDirectory(temporary_.File("data"), [](int64_t, int64_t) {});
  ASSERT_TRUE(before.ok()) << before.status();
  const auto restored = Run();
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->backup_id, 1);
  EXPECT_EQ(restored->verified.chain_head, head);
  EXPECT_EQ(restored->verified.state_hash, before->state_hash);
  EXPECT_EQ(restored->verified.keys_count, before->keys_count);
  EXPECT_EQ(last_step_, RestoreStep::kVerify);
  EXPECT_FALSE(fs::exists(target_ + "/RESTORING"));
  EXPECT_THAT(ReadWholeFile(target_ + "/HEAD"), HasSubstr(head));
  const auto after = VerifyDirectory(target_, [](int64_t, int64_t) {});
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->chain_head, head);
}

TEST_F(RestoreTest, AnOlderOneIsToBeHadAsWell) {
  LiveDirectory live(temporary_.File("data"), Backups(), /*entries_count=*/250);
  live.Back();
  live.Append(10);
  live.Back();
  const auto restored = Run({.backup_id = 1});
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->verified.entries_count, 250);
}

TEST_F(RestoreTest, EachPointOfTheJournalIsTheFoldToThere) {
  LiveDirectory live(temporary_.File("data"), Backups());
  live.Back();
  const int64_t last = live.head().sequence;
  for (const int64_t sequence : {int64_t{1}, int64_t{2}, int64_t{57}, last / 2, last - 1, last}) {
    SCOPED_TRACE(sequence);
    fs::remove_all(target_);
    const auto restored = Run({.to_sequence = sequence});
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->verified.entries_count, sequence);
    EXPECT_EQ(restored->verified.stored_entries, sequence);
    EXPECT_EQ(restored->verified.chain_head, HashOf(live.journal(), sequence));
    EXPECT_EQ(restored->verified.state_hash, FoldTo(live.entries(), sequence));
  }
}

TEST_F(RestoreTest, HistoryGoesOnFromThePointAndKeysAreThoseOfBefore) {
  LiveDirectory live(temporary_.File("data"), Backups());
  live.Back();
  constexpr int64_t kPoint = 150;
  ASSERT_TRUE(Run({.to_sequence = kPoint}).ok());
  const auto find = [](const RocksDbStateStore& store, const Entry& entry) {
    const Intent* const intent = IntentOf(entry.records.front());
    return *store.FindKey(HashKey(intent->caller, intent->key.view()));
  };
  {
    const auto directory = *DataDirectory::Open(target_);
    const auto database = *Database::Open(directory->database_path(), {});
    const auto journal = *RocksDbJournal::Open(database.get());
    const auto store = *RocksDbStateStore::OpenWithoutFilter(database.get());
    int known_count = 0;
    int unknown_count = 0;
    for (const Entry& entry : live.entries()) {
      if (IntentOf(entry.records.front()) == nullptr) continue;
      const RecordId found = find(*store, entry);
      EXPECT_EQ(found, entry.sequence <= kPoint ? entry.IdAt(0) : RecordId());
      ++(found.is_set() ? known_count : unknown_count);
    }
    EXPECT_GT(known_count, 70);
    EXPECT_GT(unknown_count, 70);
    EXPECT_GT(journal->Claim().value_or(0), live.head().term) << "as owned by nobody before";
    for (int64_t i = kPoint; i < kPoint + 50; ++i) {
      ASSERT_TRUE(journal->Append(live.entries()[static_cast<size_t>(i)]).ok());
    }
  }
  const auto report = VerifyDirectory(target_, [](int64_t, int64_t) {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->entries_count, kPoint + 50);
  EXPECT_NE(report->chain_head, HashOf(live.journal(), kPoint + 50)) << "another term";
}

// A key that was forgotten and came again stands in the journal twice, and all are remembered after
// a cut.
TEST_F(RestoreTest, AKeyThatCameTwiceNamesTheLaterRecord) {
  const auto come_again = [](std::vector<Entry>& entries) {
    std::vector<TipRecord*> tips;
    for (Entry& entry : entries) {
      auto* const tip = std::get_if<TipRecord>(&entry.records.front());
      if (tip != nullptr) tips.push_back(tip);
    }
    ASSERT_GT(tips.size(), 50u);
    tips[50]->request.intent = tips[10]->request.intent;
  };
  LiveDirectory live(temporary_.File("data"), Backups(), SIZE_MAX, {.forge_entries = come_again});
  live.Back();
  const auto restored = Run({.to_sequence = live.head().sequence - 1});
  ASSERT_TRUE(restored.ok()) << restored.status();
}

TEST_F(RestoreTest, ATimeIsTheLastEntryThatIsNotLater) {
  LiveDirectory live(temporary_.File("data"), Backups());
  live.Back();
  const std::vector<Entry>& entries = live.entries();
  size_t position = 120;
  while (entries[position].moment.time_ms + 1 >= entries[position + 1].moment.time_ms) ++position;
  const int64_t time_ms = entries[position].moment.time_ms;
  for (const int64_t at : {time_ms, entries[position + 1].moment.time_ms - 1}) {
    fs::remove_all(target_);
    const auto restored = Run({.to_time_ms = at});
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->verified.entries_count, entries[position].sequence);
  }
}

TEST_F(RestoreTest, WhatTheBackupDoesNotContainIsRefused) {
  LiveDirectory live(temporary_.File("data"), Backups());
  live.Back();
  const int64_t last = live.head().sequence;
  EXPECT_EQ(Run({.to_sequence = last + 1}).status().code(), absl::StatusCode::kOutOfRange);
  ExpectNoDataDirectory();
  EXPECT_EQ(Run({.to_time_ms = 1}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Run({.backup_id = 2}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(Run().ok()) << "what failed is begun anew";
}

TEST_F(RestoreTest, OneThatWasCutOffIsNoDataDirectoryAndBeginsAnew) {
  LiveDirectory(temporary_.File("data"), Backups()).Back();
  {
    const auto directory = DataDirectory::OpenToRestore(target_);
    ASSERT_TRUE(directory.ok()) << directory.status();
    fs::create_directory(target_ + "/db");
    WriteWholeFile(target_ + "/db/000007.sst", "half");
    WriteWholeFile(target_ + "/HEAD", "half");
  }
  ExpectNoDataDirectory();
  const auto restored = Run();
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_TRUE(DataDirectory::Open(target_).ok());
}

TEST_F(RestoreTest, ADamagedBackupNeverBecomesADataDirectory) {
  LiveDirectory(temporary_.File("data"), Backups()).Back();
  std::vector<std::string> paths;
  for (const auto& file : fs::recursive_directory_iterator(backup_dir_)) {
    if (file.is_regular_file() && file.path().extension() == ".sst") paths.push_back(file.path());
  }
  ASSERT_GE(paths.size(), 3u);
  for (const std::string& path : paths) {
    const std::string bytes = ReadWholeFile(path);
    FlipBit(path, bytes.size() / 2, 1);
    EXPECT_EQ(Run().status().code(), absl::StatusCode::kDataLoss) << path;
    ExpectNoDataDirectory();
    WriteWholeFile(path, bytes);
  }
  EXPECT_TRUE(Run().ok());
}

// Whole files of a history that no gate has written: what the copy's checksums cannot see.
TEST_F(RestoreTest, AForgedHistoryNeverBecomesADataDirectory) {
  const auto forge = [](std::vector<Entry>& entries) {
    for (Entry& entry : entries) {
      auto* const tip = std::get_if<TipRecord>(&entry.records.front());
      if (tip == nullptr || !tip->is_accepted()) continue;
      tip->count_max += 1;
      return;
    }
  };
  LiveDirectory(temporary_.File("data"), Backups(), SIZE_MAX, {.forge_entries = forge}).Back();
  const absl::Status status = Run().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr("the rules, applied again"));
  ExpectNoDataDirectory();
}

TEST_F(RestoreTest, WhatIsThereIsNotOverwritten) {
  LiveDirectory(temporary_.File("data"), Backups()).Back();
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(VerifyDirectory(target_, [](int64_t, int64_t) {}).ok());
  fs::remove_all(target_);
  fs::create_directory(target_);
  WriteWholeFile(target_ + "/notes", "mine");
  EXPECT_THAT(Run().status().message(), HasSubstr("holds \"notes\""));
  EXPECT_EQ(ReadWholeFile(target_ + "/notes"), "mine");
}

}  // namespace
}  // namespace tipgate

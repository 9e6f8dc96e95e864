#include "offline/verify_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/head_mark.h"
#include "storage/journal_reader.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_status.h"
#include "tests/storage/evening_directory.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class VerifyDirectoryTest : public testing::Test {
 protected:
  std::vector<Entry> Make(const EveningDirectoryOptions& options = {}) {
    return MakeEveningDirectory(path_, options);
  }

  absl::StatusOr<VerificationReport> Verify() {
    return VerifyDirectory(path_, [](int64_t, int64_t) {});
  }

  // Expects that the damage is found, and that all of these words are said.
  void ExpectDamage(const std::vector<std::string>& words) {
    const absl::Status status = Verify().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    for (const std::string& word : words) EXPECT_THAT(status.message(), HasSubstr(word));
  }

  // Every file by its path, with what is in it.
  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
      if (entry.is_regular_file()) files[entry.path()] = ReadWholeFile(entry.path());
    }
    return files;
  }

  const TemporaryDirectory temporary_;
  const std::string path_ = temporary_.File("data");
};

int64_t SumOf(const VerificationReport& report, const std::string& name) {
  for (const NamedSum& sum : report.totals) {
    if (sum.name == name) return sum.value;
  }
  ADD_FAILURE() << "no " << name;
  return -1;
}

TEST_F(VerifyDirectoryTest, AnHonestDirectoryAgreesAndStaysAsItIs) {
  const std::vector<Entry> entries = Make();
  const auto before = Files();
  const auto report = Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->entries_count, entries.back().sequence);
  EXPECT_EQ(report->stored_entries, static_cast<int64_t>(entries.size() * 2 / 3));
  EXPECT_GT(report->records_count, report->entries_count / 2);
  EXPECT_GT(report->keys_count, report->stored_entries / 2);
  EXPECT_EQ(report->last_time_ms, entries.back().moment.time_ms);
  EXPECT_EQ(report->chain_head.size(), 64u);
  EXPECT_EQ(report->state_hash.size(), 32u);
  EXPECT_EQ(SumOf(*report, "accepted_minor"),
            SumOf(*report, "held_minor") + SumOf(*report, "pending_minor") +
                SumOf(*report, "frozen_minor") + SumOf(*report, "settled_minor") +
                SumOf(*report, "voided_minor") + SumOf(*report, "refunded_minor"));
  EXPECT_GT(SumOf(*report, "settled_minor"), 0);
  EXPECT_EQ(Files(), before);
}

TEST_F(VerifyDirectoryTest, TheEveningHasRecordsOfEveryKind) {
  std::set<size_t> kinds;
  for (const Entry& entry : EveningEntries(/*seed=*/1, EveningDirectoryOptions().operations)) {
    for (const Record& record : entry.records) kinds.insert(record.index());
  }
  for (size_t kind = 0; kind < std::variant_size_v<Record>; ++kind) {
    EXPECT_EQ(kinds.count(kind), 1u) << "kind " << kind;
  }
}

TEST_F(VerifyDirectoryTest, ADecisionThatTheRulesDoNotMakeIsFound) {
  int64_t forged = 0;
  Make({.forge_entries = [&](std::vector<Entry>& entries) {
    for (Entry& entry : entries) {
      auto* const tip = std::get_if<TipRecord>(&entry.records.front());
      if (tip == nullptr || !tip->is_accepted()) continue;
      tip->count_max += 1;  // and all hashes are made after that
      forged = entry.sequence;
      return;
    }
  }});
  ASSERT_GT(forged, 0);
  ExpectDamage({absl::StrCat("journal entry ", forged, ", record 0: the rules, applied again"),
                "; restore the data directory from a backup"});
}

TEST_F(VerifyDirectoryTest, AnEntryFromAnotherHistoryBreaksTheChain) {
  Make();
  {
    const auto directory = *DataDirectory::Open(path_);
    const auto database = *Database::Open(directory->database_path(), {});
    rocksdb::DB& db = database->db();
    rocksdb::ColumnFamilyHandle* const family = database->family(Family::kJournal);
    std::string bytes;
    ASSERT_TRUE(db.Get(rocksdb::ReadOptions(), family, ToSlice(JournalKey(6).view()), &bytes).ok());
    ASSERT_TRUE(db.Put(rocksdb::WriteOptions(), family, ToSlice(JournalKey(7).view()), bytes).ok());
  }
  ExpectDamage({"journal entry 7 is damaged", "; restore"});
}

TEST_F(VerifyDirectoryTest, StateThatTheJournalDoesNotLeadToIsFound) {
  Make({.forge_state = [](State& state) {
    Payer& payer = *state.payers.Find(PayerId(1));
    payer.has_youth_mode = !payer.has_youth_mode;
  }});
  ExpectDamage({"the stored state is not what the journal folds into: state hash"});
}

TEST_F(VerifyDirectoryTest, ALostKeyIsFoundAndCostsNoBackup) {
  Make({.forge_keys = [](KeyTable& keys) { keys.erase(keys.begin()); }});
  ExpectDamage({"the key index is not what the journal says", "; start with --rebuild-keys"});
}

TEST_F(VerifyDirectoryTest, AKeyThatNamesAnotherRecordIsFound) {
  Make({.forge_keys = [](KeyTable& keys) { keys.begin()->second = RecordId(2, 0); }});
  ExpectDamage({"the key index is not what the journal says"});
}

TEST_F(VerifyDirectoryTest, AJournalThatEndsBeforeHeadHasLostEntries) {
  const std::vector<Entry> entries = Make();
  const JournalHead beyond{.term = 1, .sequence = entries.back().sequence + 1};
  ASSERT_TRUE(WriteHeadMark(path_, beyond).ok());
  ExpectDamage({"entries were lost"});
}

TEST_F(VerifyDirectoryTest, AFlippedBitInAnyTableIsFound) {
  Make();
  int tables_count = 0;
  for (const auto& [file, bytes] : Files()) {
    if (!file.ends_with(".sst")) continue;
    ++tables_count;
    FlipBit(file, bytes.size() / 3, 3);
    EXPECT_EQ(Verify().status().code(), absl::StatusCode::kDataLoss) << file;
    WriteWholeFile(file, bytes);
  }
  EXPECT_GE(tables_count, 3);
  EXPECT_TRUE(Verify().ok());
}

TEST_F(VerifyDirectoryTest, ADirectoryInUseIsLeftAlone) {
  Make();
  const auto owner = DataDirectory::Open(path_);
  ASSERT_TRUE(owner.ok());
  const absl::Status status = Verify().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(status.message(), AllOf(HasSubstr("is in use by process"), HasSubstr("stop it")));
}

TEST_F(VerifyDirectoryTest, OneThatIsReadMayBeReadTwiceButNotOwned) {
  Make();
  const auto reader = DataDirectory::OpenToRead(path_);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(Verify().ok());
  const absl::Status owner = DataDirectory::Open(path_).status();
  EXPECT_THAT(owner.message(), HasSubstr("in use by a process that reads it"));
}

TEST_F(VerifyDirectoryTest, WhatIsNoDataDirectoryIsRefused) {
  EXPECT_EQ(Verify().status().code(), absl::StatusCode::kNotFound);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(Verify().status().code(), absl::StatusCode::kFailedPrecondition);
  WriteWholeFile(path_ + "/notes", "mine");
  EXPECT_THAT(Verify().status().message(), HasSubstr("is not a tipgate data directory"));
  EXPECT_EQ(Files().size(), 1u);
}

TEST_F(VerifyDirectoryTest, AnEmptyJournalAgrees) {
  {
    const auto directory = *DataDirectory::Open(path_);
    ASSERT_TRUE(Database::Open(directory->database_path(), {}).ok());
  }
  const auto report = Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->entries_count, 0);
  EXPECT_EQ(SumOf(*report, "accepted_minor"), 0);
}

}  // namespace
}  // namespace tipgate

#include "storage/key_rebuild.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "core/key_memory.h"
#include "core/recovery.h"
#include "rocksdb/options.h"
#include "storage/forget_filter.h"
#include "storage/key_index.h"
#include "storage/meta.h"
#include "storage/rocksdb_state_store.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kEntries = 20;
constexpr int kTips = 300;  // together enough for a file of keys

constexpr int64_t kFilterBytes = int64_t{64} << 10;

class KeyRebuild : public JournalFixture {
 protected:
  // A journal whose keys are all in the index.
  void MakeJournalAndIndex() {
    for (int i = 0; i < kEntries; ++i) ASSERT_TRUE(Append(kTips).ok());
    KeyMemory memory;
    Entry entry;
    const std::unique_ptr<JournalReader> reader = journal().ReadFrom(1);
    while (*reader->Next(&entry)) InsertKeys(entry, &memory);
    keys_ = memory.Freeze(kEntries).front();  // few enough for one table
    ASSERT_TRUE(KeyIndex(&database(), kFilterBytes).Write({keys_}).ok());
  }

  // How many keys the index does not know rightly, and what its last error says.
  size_t CountWrong(std::string* words = nullptr) {
    const KeyIndex index(&database(), kFilterBytes);
    return static_cast<size_t>(std::count_if(keys_->begin(), keys_->end(), [&](const auto& key) {
      KeyLookup found{.hash = key.first, .stored = RecordId()};
      const absl::Status status = index.Find(absl::MakeSpan(&found, 1));
      if (!status.ok() && words != nullptr) *words = std::string(status.message());
      return !status.ok() || found.stored != key.second;
    }));
  }

  void Damage() {
    Close();
    const std::string table = FindOnlyFile(path(), ".sst");
    FlipBit(table, std::filesystem::file_size(table) / 3, 4);
    ASSERT_NO_FATAL_FAILURE(Reopen());
  }
  void SetMark() {
    rocksdb::WriteBatch batch;
    PutMeta(database(), kMetaKeysRebuilding, 1, &batch);
    ASSERT_TRUE(database().db().Write(rocksdb::WriteOptions(), &batch).ok());
  }
  absl::StatusOr<bool> Rebuild(bool is_wanted) {
    return RebuildKeys(&database(), journal(), is_wanted);
  }

  std::shared_ptr<const KeyTable> keys_;
};

TEST_F(KeyRebuild, DamageIsToldAndGoneAfterwards) {
  ASSERT_NO_FATAL_FAILURE(MakeJournalAndIndex());
  ASSERT_NO_FATAL_FAILURE(Damage());
  std::string words;
  EXPECT_GT(CountWrong(&words), 0u);
  EXPECT_THAT(words, AllOf(HasSubstr("look up an idempotency key: Corruption"), HasSubstr(".sst"),
                           HasSubstr("; start with --rebuild-keys")));
  EXPECT_EQ(Rebuild(false), absl::StatusOr<bool>(false));
  EXPECT_GT(CountWrong(), 0u);
  EXPECT_EQ(Rebuild(true), absl::StatusOr<bool>(true));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(CountWrong(), 0u);
    EXPECT_EQ(Rebuild(false), absl::StatusOr<bool>(false));
    ASSERT_NO_FATAL_FAILURE(Reopen());
  }
}

TEST_F(KeyRebuild, AnInterruptedOneIsFinishedUnasked) {
  ASSERT_NO_FATAL_FAILURE(MakeJournalAndIndex());
  SetMark();
  ASSERT_TRUE(database().Clear(Family::kKeys).ok());
  ASSERT_NO_FATAL_FAILURE(Reopen());
  EXPECT_EQ(CountWrong(), keys_->size());
  EXPECT_EQ(Rebuild(false), absl::StatusOr<bool>(true));
  EXPECT_EQ(CountWrong(), 0u);
  EXPECT_EQ(Rebuild(false), absl::StatusOr<bool>(false));
}

TEST_F(KeyRebuild, ForgottenKeysStayForgotten) {
  ASSERT_NO_FATAL_FAILURE(MakeJournalAndIndex());
  rocksdb::WriteBatch batch;
  PutMeta(database(), kMetaForgetKeysBefore, kEntries, &batch);
  ASSERT_TRUE(database().db().Write(rocksdb::WriteOptions(), &batch).ok());
  EXPECT_EQ(Rebuild(true), absl::StatusOr<bool>(true));
  EXPECT_EQ(CountWrong(), static_cast<size_t>((kEntries - 1) * kTips));
}

TEST_F(KeyRebuild, DamagedKeysAreNotRewrittenBeforeIt) {
  Close();
  open_ = *OpenJournalAt(path(), {.compacts_keys = false});
  const auto is_compacted = [this] {
    return !database().db().GetOptions(database().family(Family::kKeys)).disable_auto_compactions;
  };
  EXPECT_FALSE(is_compacted());
  EXPECT_EQ(Rebuild(true), absl::StatusOr<bool>(true));
  EXPECT_TRUE(is_compacted());
}

TEST_F(KeyRebuild, AnEmptyJournalHasNoKeys) {
  EXPECT_EQ(Rebuild(true), absl::StatusOr<bool>(true));
  EXPECT_EQ(Rebuild(false), absl::StatusOr<bool>(false));
}

TEST_F(KeyRebuild, ADamagedJournalIsNotTakenForIt) {
  ASSERT_NO_FATAL_FAILURE(MakeJournalAndIndex());
  PutRaw(5, "not an entry");
  EXPECT_TRUE(absl::IsDataLoss(Rebuild(true).status()));
  EXPECT_TRUE(absl::IsDataLoss(Rebuild(false).status()));  // and not forgotten at the next start
}

TEST_F(KeyRebuild, ARewriteThatMeetsDamageSaysWhatToDo) {
  ASSERT_NO_FATAL_FAILURE(MakeJournalAndIndex());
  ASSERT_NO_FATAL_FAILURE(Damage());
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  EXPECT_FALSE(database()
                   .db()
                   .CompactRange(options, database().family(Family::kKeys), nullptr, nullptr)
                   .ok());
  const absl::Status status = database().BackgroundError();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("rewrite the key index: "),
                                                   HasSubstr("; start with --rebuild-keys")));
}

}  // namespace
}  // namespace tipgate

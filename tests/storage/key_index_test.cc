#include "storage/key_index.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "storage/byte_order.h"
#include "storage/forget_filter.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

constexpr size_t kFew = 100;      // goes through the log
constexpr size_t kMany = 10'000;  // becomes a file
constexpr int64_t kFilterBytes = int64_t{1} << 20;

Hash128 KeyOf(uint64_t number) {
  Hasher128 hasher;
  hasher.Add(number);
  return hasher.Finish();
}

// Keys first .. first + count - 1; key n is named by record n of entry `sequence`.
std::shared_ptr<const KeyTable> MakeTable(uint64_t first, size_t count, int64_t sequence) {
  auto table = std::make_shared<KeyTable>();
  for (uint64_t n = first; n < first + count; ++n) {
    (*table)[KeyOf(n)] = RecordId(sequence, static_cast<int64_t>(n % RecordId::kPositionMax));
  }
  return table;
}

class KeyIndexTest : public testing::Test {
 protected:
  KeyIndexTest() { Reopen(); }

  void Reopen() {
    index_.reset();
    database_.reset();
    database_ = *Database::Open(temporary_.File("db"), {});
    index_ = std::make_unique<KeyIndex>(database_.get(), kFilterBytes);
  }
  void LoadFilter() {
    index_->StartLoading();
    while (!index_->is_loaded()) std::this_thread::yield();
  }
  absl::StatusOr<RecordId> Find(const Hash128& key) {
    KeyLookup lookup{.hash = key, .stored = RecordId()};
    const absl::Status status = index_->Find(absl::MakeSpan(&lookup, 1));
    if (!status.ok()) return status;
    return lookup.stored;
  }
  void Compact() {
    ASSERT_TRUE(database_->db()
                    .CompactRange(rocksdb::CompactRangeOptions(), database_->family(Family::kKeys),
                                  nullptr, nullptr)
                    .ok());
  }
  // How many of the keys first .. first + count - 1 name a record of entry `sequence`.
  size_t CountFound(uint64_t first, size_t count, int64_t sequence) {
    size_t found_count = 0;
    for (uint64_t n = first; n < first + count; ++n) {
      const absl::StatusOr<RecordId> found = Find(KeyOf(n));
      EXPECT_TRUE(found.ok()) << found.status();
      if (found.ok() && found->is_set() && found->sequence() == sequence) ++found_count;
    }
    return found_count;
  }

  const TemporaryDirectory temporary_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<KeyIndex> index_;
};

TEST_F(KeyIndexTest, WhatWasNeverWrittenIsNotFound) {
  ASSERT_TRUE(index_->Write({}).ok());
  EXPECT_EQ(Find(KeyOf(1)), absl::StatusOr<RecordId>(RecordId()));
}

TEST_F(KeyIndexTest, FewAndManyKeysAreFoundAfterReopen) {
  ASSERT_TRUE(index_->Write({MakeTable(0, kFew, 5)}).ok());
  ASSERT_TRUE(index_->Write({MakeTable(kFew, kMany, 6)}).ok());
  ASSERT_TRUE(index_->Write({MakeTable(50'000, kFew, 7), MakeTable(60'000, kMany, 7)}).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(CountFound(0, kFew, 5), kFew);
    EXPECT_EQ(CountFound(kFew, kMany, 6), kMany);
    EXPECT_EQ(CountFound(50'000, kFew, 7), kFew);
    EXPECT_EQ(CountFound(60'000, kMany, 7), kMany);
    EXPECT_EQ(CountFound(90'000, kMany, 7), 0u);
    Reopen();
  }
}

TEST_F(KeyIndexTest, AFilterKnowsWhatWasWrittenBeforeAndAfterItWasLoaded) {
  ASSERT_TRUE(index_->Write({MakeTable(0, kFew, 5)}).ok());
  ASSERT_TRUE(index_->Write({MakeTable(kFew, kMany, 6)}).ok());
  Reopen();
  LoadFilter();
  ASSERT_TRUE(index_->Write({MakeTable(50'000, kMany, 7)}).ok());
  ASSERT_TRUE(index_->Write({MakeTable(70'000, kFew, 8)}).ok());
  EXPECT_EQ(CountFound(0, kFew, 5), kFew);
  EXPECT_EQ(CountFound(kFew, kMany, 6), kMany);
  EXPECT_EQ(CountFound(50'000, kMany, 7), kMany);
  EXPECT_EQ(CountFound(70'000, kFew, 8), kFew);
  EXPECT_EQ(CountFound(90'000, kMany, 7), 0u);
}

// What stands in RocksDB under a key that nobody put there through the index is not looked for.
TEST_F(KeyIndexTest, ALoadedFilterKeepsNewKeysAwayFromRocksDb) {
  LoadFilter();
  ASSERT_TRUE(database_->db()
                  .Put(rocksdb::WriteOptions(), database_->family(Family::kKeys),
                       rocksdb::Slice("0123456789abcdef"), "short")
                  .ok());
  const Hash128 key{.high = GetBigEndian("01234567"), .low = GetBigEndian("89abcdef")};
  EXPECT_EQ(Find(key), absl::StatusOr<RecordId>(RecordId()));
}

TEST_F(KeyIndexTest, AFilterIsNotUsedWhereTheIndexIsDamaged) {
  ASSERT_TRUE(database_->db()
                  .Put(rocksdb::WriteOptions(), database_->family(Family::kKeys),
                       rocksdb::Slice("0123456789abcdef"), "short")
                  .ok());
  index_->StartLoading();
  index_ = std::make_unique<KeyIndex>(database_.get(), kFilterBytes);  // ends the first one's load
  index_->StartLoading();
  const Hash128 key{.high = GetBigEndian("01234567"), .low = GetBigEndian("89abcdef")};
  EXPECT_TRUE(absl::IsDataLoss(Find(key).status()));
}

TEST_F(KeyIndexTest, TheLaterRecordWins) {
  for (const size_t count : {kFew, kMany}) {
    ASSERT_TRUE(index_->Write({MakeTable(0, count, 8), MakeTable(0, count, 9)}).ok());
    EXPECT_EQ(CountFound(0, count, 9), count);
    ASSERT_TRUE(index_->Write({MakeTable(0, kFew, 10)}).ok());
    EXPECT_EQ(CountFound(0, kFew, 10), kFew);
    ASSERT_TRUE(index_->Write({MakeTable(0, kMany, 11)}).ok());
    EXPECT_EQ(CountFound(0, kMany, 11), kMany);
  }
}

TEST_F(KeyIndexTest, ForgottenKeysAreNotFoundAndLeaveTheDisk) {
  ASSERT_TRUE(index_->Write({MakeTable(0, kMany, 5)}).ok());
  ASSERT_TRUE(index_->Write({MakeTable(kMany, kMany, 6)}).ok());
  database_->forget_filter().SetForgetBefore(6);
  EXPECT_EQ(CountFound(0, kMany, 5), 0u);
  Compact();
  database_->forget_filter().SetForgetBefore(0);
  EXPECT_EQ(CountFound(0, kMany, 5), 0u);
  EXPECT_EQ(CountFound(kMany, kMany, 6), kMany);
}

TEST_F(KeyIndexTest, AFileThatACrashLeftBehindIsNotWrittenInto) {
  ASSERT_TRUE(index_->Write({MakeTable(0, kMany, 5)}).ok());
  const std::string table = FindOnlyFile(temporary_.File("db"), ".sst");
  const std::string bytes = ReadWholeFile(table);
  ASSERT_TRUE(database_->db().GetEnv()->LinkFile(table, temporary_.File("db/new_keys.tmp")).ok());
  ASSERT_TRUE(index_->Write({MakeTable(kMany, kMany, 6)}).ok());
  EXPECT_EQ(ReadWholeFile(table), bytes);
  EXPECT_EQ(CountFound(0, kMany, 5), kMany);
}

TEST_F(KeyIndexTest, ADamagedValueIsFound) {
  char key[16] = {};
  ASSERT_TRUE(database_->db()
                  .Put(rocksdb::WriteOptions(), database_->family(Family::kKeys),
                       rocksdb::Slice(key, sizeof(key)), "short")
                  .ok());
  const absl::Status status = Find(Hash128{}).status();
  EXPECT_EQ(status, absl::DataLossError("a record in the key index is damaged; start with "
                                        "--rebuild-keys, which makes the key index anew from the "
                                        "journal"));
}

}  // namespace
}  // namespace tipgate

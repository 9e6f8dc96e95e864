#include "storage/rocksdb_journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

class RocksDbJournalTest : public JournalFixture {};

TEST_F(RocksDbJournalTest, AnEmptyJournalEndsAtZero) {
  EXPECT_EQ(journal().Head().sequence, 0);
  EXPECT_EQ(journal().Head().hash, ChainHash{});
  Entry entry;
  EXPECT_TRUE(absl::IsNotFound(journal().Read(1, &entry)));
  EXPECT_EQ(journal().ReadFrom(1)->Next(&entry), absl::StatusOr<bool>(false));
}

TEST_F(RocksDbJournalTest, WhatWasAppendedIsReadBack) {
  Entry written = SampleEntry(0);
  written.sequence = 1;
  ASSERT_TRUE(journal().Append(written).ok());
  written.term = 1;
  Entry read;
  ASSERT_TRUE(journal().Read(1, &read).ok());
  EXPECT_EQ(BytesOf(read), BytesOf(written));
  EXPECT_EQ(journal().Head().time_ms, written.moment.time_ms);
  EXPECT_TRUE(absl::IsNotFound(journal().Read(0, &read)));
  EXPECT_TRUE(absl::IsNotFound(journal().Read(2, &read)));
}

TEST_F(RocksDbJournalTest, ReopeningKeepsTheHeadAndTheHistory) {
  AppendEntries(20);
  const JournalHead head = journal().Head();
  const std::string history = BytesOf(journal());
  Reopen();
  EXPECT_EQ(journal().Head().sequence, 20);
  EXPECT_EQ(journal().Head().hash, head.hash);
  EXPECT_EQ(journal().Head().time_ms, head.time_ms);
  EXPECT_EQ(journal().Head().term, head.term);
  EXPECT_EQ(BytesOf(journal()), history);
  AppendEntries(5);
  EXPECT_TRUE(Walk().ok());
}

TEST_F(RocksDbJournalTest, EveryClaimRaisesTheTerm) {
  AppendEntries(1);
  EXPECT_EQ(journal().Head().term, 1);
  EXPECT_EQ(journal().Claim(), absl::StatusOr<int64_t>(2));
  AppendEntries(1);
  EXPECT_EQ(journal().Head().term, 2);
  Reopen();  // claims 3, appends nothing
  Reopen();
  AppendEntries(1);
  EXPECT_EQ(journal().Head().term, 4);
  EXPECT_TRUE(Walk().ok());
}

TEST_F(RocksDbJournalTest, AReaderContinuesAfterTheEnd) {
  const std::unique_ptr<JournalReader> reader = journal().ReadFrom(1);
  Entry entry;
  for (int64_t sequence = 1; sequence <= 5; ++sequence) {
    EXPECT_EQ(reader->Next(&entry), absl::StatusOr<bool>(false));
    AppendEntries(1);
    ASSERT_EQ(reader->Next(&entry), absl::StatusOr<bool>(true));
    EXPECT_EQ(entry.sequence, sequence);
    EXPECT_EQ(reader->hash(), journal().Head().hash);
  }
}

TEST_F(RocksDbJournalTest, AReaderStartsAnywhere) {
  AppendEntries(10);
  for (int64_t first = 1; first <= 10; ++first) {
    const std::unique_ptr<JournalReader> reader = journal().ReadFrom(first);
    Entry entry;
    for (int64_t sequence = first; sequence <= 10; ++sequence) {
      ASSERT_EQ(reader->Next(&entry), absl::StatusOr<bool>(true));
      EXPECT_EQ(entry.sequence, sequence);
    }
    EXPECT_EQ(reader->Next(&entry), absl::StatusOr<bool>(false));
  }
}

TEST_F(RocksDbJournalTest, AReaderMayStartBeyondTheEnd) {
  const std::unique_ptr<JournalReader> reader = journal().ReadFrom(4);
  Entry entry;
  for (int i = 0; i < 3; ++i) {
    AppendEntries(1);
    EXPECT_EQ(reader->Next(&entry), absl::StatusOr<bool>(false));
  }
  AppendEntries(1);
  ASSERT_EQ(reader->Next(&entry), absl::StatusOr<bool>(true));
  EXPECT_EQ(entry.sequence, 4);
}

TEST_F(RocksDbJournalTest, AReaderOutlastsItsIterator) {
  AppendEntries(2500);
  Entry entry;
  const std::unique_ptr<JournalReader> reader = journal().ReadFrom(1);
  for (int64_t sequence = 1; sequence <= 2500; ++sequence) {
    ASSERT_EQ(reader->Next(&entry), absl::StatusOr<bool>(true));
    ASSERT_EQ(entry.sequence, sequence);
  }
}

TEST_F(RocksDbJournalTest, ReadersFollowTheWriterFromOtherThreads) {
  constexpr int64_t kEntriesCount = 300;
  std::atomic<int> failures_count{0};
  const auto follow = [&] {
    const std::unique_ptr<JournalReader> reader = journal().ReadFrom(1);
    Entry entry;
    for (int64_t next = 1; next <= kEntriesCount;) {
      const absl::StatusOr<bool> has_entry = reader->Next(&entry);
      if (!has_entry.ok() || (*has_entry && entry.sequence != next)) {
        ++failures_count;
        return;
      }
      if (*has_entry) ++next;
      if (!*has_entry) std::this_thread::yield();
    }
  };
  std::thread first(follow);
  std::thread second(follow);
  for (int64_t i = 0; i < kEntriesCount; ++i) EXPECT_TRUE(Append().ok());
  first.join();
  second.join();
  EXPECT_EQ(failures_count, 0);
}

TEST_F(RocksDbJournalTest, BugsOfTheCallerStopTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  AppendEntries(2);
  EXPECT_DEATH((void)journal().Append(RandomTips(2, 1, random_)), "sequence");
  EXPECT_DEATH((void)journal().Append(RandomTips(4, 1, random_)), "sequence");
  Entry entry = RandomTips(3, 1, random_);
  entry.moment.time_ms = journal().Head().time_ms - 1;
  EXPECT_DEATH((void)journal().Append(entry), "time_ms");
}

}  // namespace
}  // namespace tipgate

// Damage to what the journal has written: found, or cut off as a torn tail, never read as something
// else.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/meta.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

constexpr uint64_t kSeed = 20260102;
// RocksDB writes its log in blocks of this size. What a flipped length field makes of the last one
// looks like a torn tail.
constexpr size_t kLogBlockBytes = 32 * 1024;

class JournalDamageTest : public JournalFixture {
 protected:
  void ExpectWalkFinds(int64_t sequence, const std::string& fault) {
    const absl::Status status = Walk();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_EQ(status.message(), absl::StrCat("journal entry ", sequence, " is damaged: ", fault,
                                             "; restore the data directory from a backup"));
  }
  void ExpectOpenFinds(const std::string& fault) {
    Close();
    const absl::Status status = OpenJournalAt(path()).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), fault)) << status;
    EXPECT_TRUE(absl::EndsWith(status.message(), "; restore the data directory from a backup"))
        << status;
  }
  void PutMetaRaw(absl::string_view name, int64_t value) {
    rocksdb::WriteBatch batch;
    PutMeta(database(), name, value, &batch);
    ASSERT_TRUE(database().db().Write(rocksdb::WriteOptions(), &batch).ok());
  }
};

TEST_F(JournalDamageTest, ATamperedByteIsFound) {
  AppendEntries(10);
  std::string bytes = GetRaw(5);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  PutRaw(5, bytes);
  ExpectWalkFinds(5, "the checksum does not match");
  Entry entry;
  EXPECT_TRUE(absl::IsDataLoss(journal().Read(5, &entry)));
}

TEST_F(JournalDamageTest, AForgedEntryWithAValidChecksumIsFoundByTheNextOne) {
  AppendEntries(10);
  Entry entry;
  ASSERT_TRUE(journal().Read(5, &entry).ok());
  std::get<TipRecord>(entry.records[0]).request.unit_price += Money(1);
  JournalHead before;
  EntryDecoder decoder;
  Entry predecessor;
  ASSERT_TRUE(ReadJournalEntry(database(), 4, &decoder, &predecessor, &before).ok());
  EntryEncoder encoder;
  PutRaw(5, encoder.Encode(entry, entry.term, before.hash));
  ExpectWalkFinds(6, "does not follow from the entry before: the chain is broken");
}

TEST_F(JournalDamageTest, SwappedEntriesAreFound) {
  AppendEntries(10);
  PutRaw(5, GetRaw(6));
  ExpectWalkFinds(5, "holds entry 6");
  Entry entry;
  EXPECT_TRUE(absl::IsDataLoss(journal().Read(5, &entry)));
}

TEST_F(JournalDamageTest, AnOlderTermOrTimeIsFound) {
  AppendEntries(4);
  Reopen();
  AppendEntries(1);
  Entry entry = RandomTips(6, 1, random_);
  EntryEncoder encoder;
  PutRaw(6, encoder.Encode(entry, 1, journal().Head().hash));
  Reopen();
  ExpectWalkFinds(6, "has an older term than before");
  entry.moment.time_ms = 0;
  EntryDecoder decoder;
  JournalHead before;
  Entry predecessor;
  ASSERT_TRUE(ReadJournalEntry(database(), 5, &decoder, &predecessor, &before).ok());
  PutRaw(6, encoder.Encode(entry, 9, before.hash));
  ExpectWalkFinds(6, "has an earlier time than the entry before");
}

TEST_F(JournalDamageTest, AMissingEntryIsFound) {
  AppendEntries(10);
  DeleteRaw(5);
  ExpectWalkFinds(5, "it is missing");
  Entry entry;
  EXPECT_TRUE(absl::IsDataLoss(journal().Read(5, &entry)));
  EXPECT_TRUE(absl::IsDataLoss(journal().ReadFrom(6)->Next(&entry).status()));
  ExpectOpenFinds("journal entry 5 is damaged: it is missing");
}

TEST_F(JournalDamageTest, OpenFindsADamagedHead) {
  AppendEntries(3);
  std::string bytes = GetRaw(3);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  PutRaw(3, bytes);
  ExpectOpenFinds("journal entry 3 is damaged");
}

TEST_F(JournalDamageTest, OpenFindsAKeyThatIsNoSequence) {
  AppendEntries(3);
  ASSERT_TRUE(
      database()
          .db()
          .Put(rocksdb::WriteOptions(), database().family(Family::kJournal), "\xff", "what is this")
          .ok());
  ExpectOpenFinds("the journal has a key that is no sequence");
}

TEST_F(JournalDamageTest, OpenFindsADamagedNumber) {
  AppendEntries(3);
  ASSERT_TRUE(database()
                  .db()
                  .Put(rocksdb::WriteOptions(), database().family(Family::kMeta),
                       ToSlice(kMetaDecidedSequence), "not a sealed number")
                  .ok());
  ExpectOpenFinds("the stored decided_sequence is damaged: the checksum does not match");
}

TEST_F(JournalDamageTest, OpenFindsThatStateLeads) {
  AppendEntries(10);
  PutMetaRaw(kMetaDecidedSequence, 10);
  PutMetaRaw(kMetaCompleteSequence, 8);
  Reopen();
  DeleteRaw(10);
  ExpectOpenFinds("the journal ends at entry 9, but stored state knows entry 10");
}

TEST_F(JournalDamageTest, OpenFindsAGapRightAfterTheState) {
  AppendEntries(10);
  PutMetaRaw(kMetaDecidedSequence, 6);
  PutMetaRaw(kMetaCompleteSequence, 6);
  DeleteRaw(7);
  ExpectOpenFinds("journal entry 7 is damaged: it is missing");
}

TEST_F(JournalDamageTest, AFlippedBitInATableFileIsFound) {
  AppendEntries(200);
  ASSERT_TRUE(
      database().db().Flush(rocksdb::FlushOptions(), database().family(Family::kJournal)).ok());
  Close();
  const std::string table = FindOnlyFile(path(), ".sst");
  const size_t size = std::filesystem::file_size(table);
  FlipBit(table, size / 3, 4);
  absl::StatusOr<OpenJournal> open = OpenJournalAt(path());
  if (open.ok()) {
    open_ = *std::move(open);
    EXPECT_TRUE(absl::IsDataLoss(Walk()));
  } else {
    EXPECT_TRUE(absl::IsDataLoss(open.status())) << open.status();
  }
}

// Copies of a closed journal whose log is damaged in one way each.
class LogDamageTest : public JournalDamageTest {
 protected:
  struct Appended {
    size_t log_bytes;  // of the log when Append returned
    std::string hash;
  };

  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(JournalDamageTest::SetUp());
    std::mt19937_64 random(kSeed);
    log_ = FindOnlyFile(path(), ".log");
    appended_.push_back({std::filesystem::file_size(log_), ToHex(ChainHash{})});
    for (int i = 0; i < 60; ++i) {
      ASSERT_TRUE(Append(static_cast<int>(random() % (i % 10 == 0 ? 1000 : 40))).ok());
      appended_.push_back({std::filesystem::file_size(log_), ToHex(journal().Head().hash)});
    }
    Close();
    bytes_ = ReadWholeFile(log_);
  }

  // Opens a copy of the journal with this log.
  absl::StatusOr<OpenJournal> OpenWith(const std::string& log_bytes) {
    const std::string copy = temporary_.File("copy");
    std::filesystem::remove_all(copy);
    CopyTree(path(), copy);
    WriteWholeFile(FindOnlyFile(copy, ".log"), log_bytes);
    return OpenJournalAt(copy);
  }

  // The head must be one that the journal once had; with it, the chain vouches for all before.
  int64_t CheckedHead(const RocksDbJournal& journal) {
    const JournalHead head = journal.Head();
    EXPECT_LT(head.sequence, static_cast<int64_t>(appended_.size()));
    EXPECT_EQ(ToHex(head.hash), appended_[static_cast<size_t>(head.sequence)].hash);
    BytesOf(journal);
    return head.sequence;
  }

  std::string log_;
  std::string bytes_;
  std::vector<Appended> appended_;  // by sequence
};

TEST_F(LogDamageTest, ATornLogKeepsExactlyWhatWasAppendedBeforeTheTear) {
  std::mt19937_64 random(kSeed);
  SCOPED_TRACE(kSeed);
  for (int round = 0; round < 60; ++round) {
    // Near the ends of records, where it is hardest, and anywhere.
    const Appended& near = appended_[random() % appended_.size()];
    const size_t cut = round % 2 == 0 ? random() % (bytes_.size() + 1)
                                      : std::min(near.log_bytes + random() % 3, bytes_.size());
    const absl::StatusOr<OpenJournal> open = OpenWith(bytes_.substr(0, cut));
    ASSERT_TRUE(open.ok()) << open.status();
    const auto first_lost =
        std::find_if(appended_.begin() + 1, appended_.end(),
                     [&](const Appended& entry) { return entry.log_bytes > cut; });
    EXPECT_EQ(CheckedHead(*open->journal), first_lost - appended_.begin() - 1) << cut;
  }
}

TEST_F(LogDamageTest, AFlippedBitIsRefusedOrLooksLikeATornTail) {
  std::mt19937_64 random(kSeed);
  SCOPED_TRACE(kSeed);
  const size_t last_block = bytes_.size() / kLogBlockBytes * kLogBlockBytes;
  ASSERT_GT(last_block, 2 * kLogBlockBytes);
  for (int round = 0; round < 100; ++round) {
    std::string bytes = bytes_;
    const size_t byte = random() % bytes.size();
    bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << random() % 8));
    const absl::StatusOr<OpenJournal> open = OpenWith(bytes);
    if (open.ok()) {
      // Of the last entry's record: like a torn one.
      EXPECT_GE(byte, appended_[appended_.size() - 2].log_bytes);
      CheckedHead(*open->journal);
    } else {
      EXPECT_TRUE(absl::IsDataLoss(open.status())) << open.status();
    }
  }
}

// RocksDB alone takes it for a torn tail.
TEST_F(LogDamageTest, ADamagedLengthBeforeOtherEntriesIsRefused) {
  constexpr size_t kLengthOffset = 5;  // of the higher byte, in a record
  const size_t last_block = bytes_.size() / kLogBlockBytes * kLogBlockBytes;
  int refused_count = 0;
  for (size_t i = 0; i + 2 < appended_.size(); ++i) {
    const size_t record = appended_[i].log_bytes;
    if (record < last_block) continue;
    std::string bytes = bytes_;
    bytes[record + kLengthOffset] = static_cast<char>(bytes[record + kLengthOffset] ^ 0x80);
    const absl::StatusOr<OpenJournal> open = OpenWith(bytes);
    EXPECT_TRUE(absl::IsDataLoss(open.status())) << open.status();
    ++refused_count;
  }
  EXPECT_GT(refused_count, 0);
}

TEST_F(LogDamageTest, ALostPageInTheMiddleIsRefused) {
  constexpr size_t kPageBytes = 4096;
  for (size_t page = 1; page < bytes_.size() / kLogBlockBytes * kLogBlockBytes / kPageBytes;
       page += 7) {
    std::string bytes = bytes_;
    bytes.replace(page * kPageBytes, kPageBytes, kPageBytes, '\0');
    EXPECT_TRUE(absl::IsDataLoss(OpenWith(bytes).status())) << page;
  }
}

}  // namespace
}  // namespace tipgate

// Disks that fail: what was acknowledged stays, nothing is acknowledged afterwards, no fsync is
// tried twice.

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "rocksdb/env.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

enum class Fault { kAppend, kSync };

class JournalFaultTest : public testing::TestWithParam<Fault> {};

INSTANTIATE_TEST_SUITE_P(Faults, JournalFaultTest, testing::Values(Fault::kAppend, Fault::kSync),
                         [](const auto& param_info) {
                           return param_info.param == Fault::kAppend ? "Append" : "Sync";
                         });

// Appends until the fault strikes. The last acknowledged entry.
JournalHead RunIntoFault(const std::string& path, Fault fault, int64_t n) {
  const auto faults = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(faults);
  absl::StatusOr<OpenJournal> open = OpenJournalAt(path, {.env = env.get()});
  EXPECT_TRUE(open.ok()) << open.status();
  RocksDbJournal& journal = *open->journal;
  EXPECT_TRUE(journal.Claim().ok());
  fault == Fault::kAppend ? faults->FailLogAppend(n) : faults->FailLogSync(n);

  std::mt19937_64 random(static_cast<uint64_t>(n));
  absl::Status status;
  while (status.ok()) status = journal.Append(RandomTips(journal.Head().sequence + 1, 9, random));
  EXPECT_TRUE(faults->has_failed());
  const JournalHead head = journal.Head();
  // The disk would work again by now. The journal must not.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(journal.Append(RandomTips(head.sequence + 1, 1, random)), status);
    EXPECT_FALSE(journal.Claim().ok());
  }
  EXPECT_EQ(journal.Head().hash, head.hash);
  faults->CutPower();
  open->journal.reset();
  open->database.reset();
  EXPECT_EQ(faults->syncs_after_failure_count(), 0);
  faults->DropUnsynced(random);
  return head;
}

TEST_P(JournalFaultTest, AfterAFaultNothingIsAcknowledgedAndNothingAcknowledgedIsLost) {
  for (int64_t n = 0; n < 12; ++n) {
    const TemporaryDirectory temporary;
    const JournalHead acknowledged = RunIntoFault(temporary.File("db"), GetParam(), n);
    const absl::StatusOr<OpenJournal> open = OpenJournalAt(temporary.File("db"));
    ASSERT_TRUE(open.ok()) << open.status();
    // What became of the entry that failed is anybody's guess.
    EXPECT_GE(open->journal->Head().sequence, acknowledged.sequence) << n;
    EXPECT_LE(open->journal->Head().sequence, acknowledged.sequence + 1) << n;
    BytesOf(*open->journal);
    if (acknowledged.sequence == 0) continue;
    Entry entry;
    const std::unique_ptr<JournalReader> reader = open->journal->ReadFrom(acknowledged.sequence);
    ASSERT_EQ(reader->Next(&entry), absl::StatusOr<bool>(true));
    EXPECT_EQ(reader->hash(), acknowledged.hash) << n;
  }
}

}  // namespace
}  // namespace tipgate

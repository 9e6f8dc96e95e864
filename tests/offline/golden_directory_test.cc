// Data directories as older versions of tipgate left them: today's must read them, decide all of
// it again as it was decided, and go on.

#include <gtest/gtest.h>

#include <string>

#include "offline/verify_directory.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/rocksdb_journal.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

struct Golden {
  const char* name;
  int64_t entries_count;
  const char* chain_head;
  const char* state_hash;
};

constexpr Golden kGolden[] = {
    {.name = "format-6",
     .entries_count = 845,
     .chain_head = "cc83a99ba0c527fd2a522041bd5ad6e02ffb06c163eac9665a43057232491fbb",
     .state_hash = "dc813111db39ab0c45a6e752e0ea60be"},
};

class GoldenDirectory : public testing::TestWithParam<Golden> {
 protected:
  // The files of the repository stay as they are.
  void SetUp() override {
    const std::string golden = TIPGATE_SOURCE_DIR "/tests/storage/golden/";
    CopyTree(golden + GetParam().name, path_);
  }

  void ExpectVerified() {
    const auto report = VerifyDirectory(path_, [](int64_t, int64_t) {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->entries_count, GetParam().entries_count);
    EXPECT_EQ(report->chain_head, GetParam().chain_head);
    EXPECT_EQ(report->state_hash, GetParam().state_hash);
  }

  const TemporaryDirectory temporary_;
  const std::string path_ = temporary_.File("data");
};

TEST_P(GoldenDirectory, ReplaysToTheSameChainHeadAndState) { ExpectVerified(); }

TEST_P(GoldenDirectory, IsOwnedByTodaysProgramAndStaysWhatItIs) {
  {
    const auto directory = DataDirectory::Open(path_);
    ASSERT_TRUE(directory.ok()) << directory.status();
    const auto database = Database::Open((*directory)->database_path(), {});
    ASSERT_TRUE(database.ok()) << database.status();
    const auto journal = RocksDbJournal::Open(database->get());
    ASSERT_TRUE(journal.ok()) << journal.status();
    EXPECT_GT((*journal)->Claim().value_or(0), 1);
  }
  ExpectVerified();
}

INSTANTIATE_TEST_SUITE_P(Formats, GoldenDirectory, testing::ValuesIn(kGolden),
                         [](const auto& golden) {
                           return "F" + std::string(1, golden.param.name[7]);
                         });

}  // namespace
}  // namespace tipgate

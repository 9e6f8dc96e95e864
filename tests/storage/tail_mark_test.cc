#include "storage/tail_mark.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "storage/log_tail.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

using testing::HasSubstr;

class TailMark : public JournalFixture {
 protected:
  // The fixture's database stands at DIRECTORY/db.
  std::string directory() const { return temporary_.path(); }
  std::string mark() const { return temporary_.File("TAILS"); }

  void Mark() {
    std::string last_text;
    ASSERT_TRUE(WriteTailMark(directory(), database(), &last_text).ok());
  }
  void ExpectRefused(const std::string& words) {
    const absl::Status status = CheckTailMark(directory());
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                testing::AllOf(HasSubstr(words), HasSubstr("restore")));
  }
  std::string Manifest() const {
    for (const auto& file : std::filesystem::directory_iterator(path())) {
      if (file.path().filename().string().starts_with("MANIFEST-")) return file.path().string();
    }
    return "";
  }
};

TEST_F(TailMark, NoMarkSaysNothing) { EXPECT_TRUE(CheckTailMark(directory()).ok()); }

TEST_F(TailMark, WholeFilesAreAcceptedHoweverTheyGoOn) {
  AppendEntries(3);
  Mark();
  EXPECT_TRUE(CheckTailMark(directory()).ok()) << CheckTailMark(directory());
  AppendEntries(3);
  Close();
  EXPECT_TRUE(CheckTailMark(directory()).ok()) << CheckTailMark(directory());
  // What was not marked may be torn.
  const std::string log = FindOnlyFile(path(), ".log");
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 1);
  EXPECT_TRUE(CheckTailMark(directory()).ok()) << CheckTailMark(directory());
}

TEST_F(TailMark, ALogThatLostAMarkedByteIsRefused) {
  AppendEntries(3);
  Mark();
  Close();
  const std::string log = FindOnlyFile(path(), ".log");
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 1);
  ExpectRefused(log);
}

// RocksDB alone would go on without the tables of the last record.
TEST_F(TailMark, AManifestWhoseLastRecordIsDamagedIsRefused) {
  AppendEntries(50);
  ASSERT_TRUE(
      database().db().Flush(rocksdb::FlushOptions(), database().family(Family::kJournal)).ok());
  Mark();
  Close();
  const std::string manifest = Manifest();
  std::filesystem::resize_file(manifest, std::filesystem::file_size(manifest) - 1);
  ExpectRefused(manifest);
}

TEST_F(TailMark, AFileThatIsGoneIsNotMissed) {
  AppendEntries(3);
  Mark();
  Reopen();  // makes tables of the log, and another MANIFEST
  Close();
  EXPECT_TRUE(CheckTailMark(directory()).ok()) << CheckTailMark(directory());
}

TEST_F(TailMark, ADamagedMarkIsRefused) {
  AppendEntries(3);
  Mark();
  Close();
  const std::string text = ReadWholeFile(mark());
  for (size_t byte = 0; byte < text.size(); ++byte) {
    WriteWholeFile(mark(), text);
    FlipBit(mark(), byte, static_cast<int>(byte % 8));
    ExpectRefused("TAILS is damaged");
  }
  WriteWholeFile(mark(), "");
  ExpectRefused("TAILS is damaged");
}

TEST_F(TailMark, TheSameAgainIsNotWritten) {
  AppendEntries(3);
  std::string last_text;
  ASSERT_TRUE(WriteTailMark(directory(), database(), &last_text).ok());
  ASSERT_TRUE(std::filesystem::remove(mark()));
  ASSERT_TRUE(WriteTailMark(directory(), database(), &last_text).ok());
  EXPECT_FALSE(std::filesystem::exists(mark()));
  AppendEntries(1);
  ASSERT_TRUE(WriteTailMark(directory(), database(), &last_text).ok());
  EXPECT_TRUE(std::filesystem::exists(mark()));
}

// A kind that logs in recycled files have: RocksDB alone would take all that follows for older.
TEST_F(TailMark, ARecordThatLooksRecycledIsFoundAnywhereInALog) {
  constexpr size_t kKindOffset = 6;
  AppendEntries(400);
  Close();
  const std::string log = FindOnlyFile(path(), ".log");
  ASSERT_GT(std::filesystem::file_size(log), 3U * 32'768);
  FlipBit(log, kKindOffset, 2);
  const absl::Status status = CheckLogTails(path());
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(absl::StrCat("the log ", log, " is damaged")));
}

}  // namespace
}  // namespace tipgate

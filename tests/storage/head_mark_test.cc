#include "storage/head_mark.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

using testing::HasSubstr;

class HeadMark : public JournalFixture {
 protected:
  absl::Status Check() { return CheckHeadMark(marks_.path(), journal()); }
  void Mark(const JournalHead& head) { ASSERT_TRUE(WriteHeadMark(marks_.path(), head).ok()); }
  void ExpectRefused(const std::string& words) {
    const absl::Status status = Check();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                testing::AllOf(HasSubstr(words), HasSubstr("restore"), HasSubstr(file())));
  }
  std::string file() const { return marks_.path() + "/HEAD"; }
  void WriteText(const std::string& text) {
    std::ofstream(file(), std::ios::binary | std::ios::trunc) << text;
  }

  TemporaryDirectory marks_;
};

TEST_F(HeadMark, NoMarkSaysNothing) { EXPECT_TRUE(Check().ok()); }

TEST_F(HeadMark, AJournalThatContainsTheMarkedEntryIsAccepted) {
  AppendEntries(3);
  Mark(journal().Head());
  EXPECT_TRUE(Check().ok()) << Check();
  AppendEntries(1);
  EXPECT_TRUE(Check().ok()) << Check();
  Mark(journal().Head());
  EXPECT_TRUE(Check().ok()) << Check();
}

TEST_F(HeadMark, AJournalOneEntryShortIsRefused) {
  AppendEntries(3);
  JournalHead head = journal().Head();
  ++head.sequence;
  Mark(head);
  ExpectRefused("entry 4");
}

TEST_F(HeadMark, AnotherEntryInItsPlaceIsRefused) {
  AppendEntries(3);
  JournalHead head = journal().Head();
  head.hash[31] ^= 1;
  Mark(head);
  ExpectRefused("another journal");
}

TEST_F(HeadMark, ADamagedMarkIsRefused) {
  AppendEntries(3);
  Mark(journal().Head());
  std::ifstream in(file(), std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  ASSERT_GT(text.size(), 64u);
  const std::string hash(64, 'a');
  for (const std::string& wrong :
       {std::string(), text.substr(1), text.substr(0, text.size() - 1), text + "\n",
        absl::StrCat("tipgate journal head\nsequence 0\nhash ", hash, "\n"),
        absl::StrCat("tipgate journal head\nsequence -1\nhash ", hash, "\n"),
        absl::StrCat("tipgate journal head\nsequence x\nhash ", hash, "\n")}) {
    WriteText(wrong);
    ExpectRefused("damaged");
  }
}

TEST_F(HeadMark, AnUnwritableDirectoryIsAnError) {
  AppendEntries(1);
  EXPECT_FALSE(WriteHeadMark(marks_.path() + "/missing", journal().Head()).ok());
}

TEST_F(HeadMark, TheMarkerWritesOnlyWhatIsNew) {
  HeadMarker marker(marks_.path(), &journal());
  ASSERT_TRUE(marker.Mark().ok());
  EXPECT_FALSE(std::filesystem::exists(file()));  // an empty journal has no entry to mark
  AppendEntries(1);
  ASSERT_TRUE(marker.Mark().ok());
  EXPECT_TRUE(Check().ok()) << Check();
  ASSERT_TRUE(std::filesystem::remove(file()));
  ASSERT_TRUE(marker.Mark().ok());
  EXPECT_FALSE(std::filesystem::exists(file()));
  AppendEntries(1);
  ASSERT_TRUE(marker.Mark().ok());
  EXPECT_TRUE(std::filesystem::exists(file()));
}

}  // namespace
}  // namespace tipgate

// The power cut that the crash test plays: what it takes away, and what it must leave.

#include "tests/storage/unsynced_changes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>
#include <string>

#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

// Enough for every part of what may be left to come up.
constexpr uint64_t kSeeds = 50;

class UnsyncedChangesTest : public testing::Test {
 protected:
  UnsyncedChangesTest() { std::filesystem::create_directory(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Create(const std::string& name, const std::string& bytes) {
    WriteWholeFile(Path(name), bytes);
    changes_.NoteCreated(Path(name));
  }
  void SyncFolder() { changes_.NoteDirectorySynced(folder_); }
  void LosePower(uint64_t seed) {
    std::mt19937_64 random(seed);
    changes_.CutPower();
    changes_.DropUnsynced(random);
  }
  // Of a file that may be gone.
  std::string BytesOf(const std::string& name) const {
    return std::filesystem::exists(Path(name)) ? ReadWholeFile(Path(name)) : "gone";
  }

  const TemporaryDirectory temporary_;
  const std::string folder_ = temporary_.File("folder");
  UnsyncedChanges changes_;
};

TEST_F(UnsyncedChangesTest, ASyncedNameStaysAndItsUnsyncedBytesGoInPart) {
  std::set<std::string> found;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Create("file", "a");
    changes_.NoteSynced(Path("file"));
    SyncFolder();
    WriteWholeFile(Path("file"), "abc");
    LosePower(seed);
    found.insert(BytesOf("file"));
  }
  EXPECT_EQ(found, (std::set<std::string>{"a", "ab", "abc"}));
}

TEST_F(UnsyncedChangesTest, ASyncedFileWithoutASyncedNameMayBeGone) {
  std::set<std::string> found;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Create("file", "a");
    changes_.NoteSynced(Path("file"));
    LosePower(seed);
    found.insert(BytesOf("file"));
    std::filesystem::remove(Path("file"));
  }
  EXPECT_EQ(found, (std::set<std::string>{"a", "gone"}));
}

TEST_F(UnsyncedChangesTest, ADeletedFileMayComeBackUntilItsFolderIsSynced) {
  std::set<std::string> found;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    WriteWholeFile(Path("file"), "a");
    changes_.Delete(Path("file"));
    EXPECT_EQ(BytesOf("file"), "gone");
    LosePower(seed);
    found.insert(BytesOf("file"));
  }
  EXPECT_EQ(found, (std::set<std::string>{"a", "gone"}));
  WriteWholeFile(Path("file"), "a");
  changes_.Delete(Path("file"));
  SyncFolder();
  LosePower(1);
  EXPECT_EQ(BytesOf("file"), "gone");
}

TEST_F(UnsyncedChangesTest, ARenameIsUndoneWithWhatItReplaced) {
  std::set<std::string> found;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    WriteWholeFile(Path("old"), "1");
    WriteWholeFile(Path("new"), "2");
    changes_.Rename(Path("new"), Path("old"));
    EXPECT_EQ(BytesOf("old") + BytesOf("new"), "2gone");
    LosePower(seed);
    found.insert(BytesOf("old") + BytesOf("new"));
  }
  EXPECT_EQ(found, (std::set<std::string>{"12", "2gone"}));
}

TEST_F(UnsyncedChangesTest, ALaterChangeIsNotDurableBeforeAnEarlierOne) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Create("first", "");
    Create("second", "");
    LosePower(seed);
    EXPECT_TRUE(BytesOf("second") == "gone" || BytesOf("first").empty());
    std::filesystem::remove(Path("first"));
    std::filesystem::remove(Path("second"));
  }
}

TEST_F(UnsyncedChangesTest, AfterThePowerCutNothingBecomesDurable) {
  WriteWholeFile(Path("kept"), "a");
  changes_.CutPower();
  Create("late", "a");
  changes_.NoteSynced(Path("late"));
  changes_.Delete(Path("kept"));
  SyncFolder();
  LosePower(1);
  EXPECT_EQ(BytesOf("kept"), "a");
  EXPECT_EQ(BytesOf("late"), "gone");
}

}  // namespace
}  // namespace tipgate

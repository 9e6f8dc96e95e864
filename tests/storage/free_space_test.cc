#include "storage/free_space.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "storage/database.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kMoreThanAnyVolume = int64_t{1} << 60;

TEST(FreeSpace, EnoughIsEnough) {
  const TemporaryDirectory temporary;
  EXPECT_TRUE(CheckFreeSpace(temporary.File("db"), 0).ok());
  EXPECT_TRUE(CheckFreeSpace(temporary.File("db"), kMiB).ok());
}

TEST(FreeSpace, TooLittleIsRefusedWithAdvice) {
  const TemporaryDirectory temporary;
  const absl::Status status = CheckFreeSpace(temporary.File("db"), kMoreThanAnyVolume);
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("the volume of " + temporary.path() + " has "),
                    HasSubstr(" MiB free, and a start needs 1099511627776 MiB; free some space")));
}

TEST(FreeSpace, LogsNeedAsMuchAgain) {
  constexpr int64_t kHoleBytes = int64_t{8} << 40;
  const TemporaryDirectory temporary;
  WriteWholeFile(temporary.File("000007.log"), "");
  EXPECT_TRUE(CheckFreeSpace(temporary.path(), kMiB).ok());
  std::filesystem::resize_file(temporary.File("000007.log"), kHoleBytes);
  EXPECT_TRUE(absl::IsResourceExhausted(CheckFreeSpace(temporary.path(), kMiB)));
}

TEST(FreeSpace, ToSpareIsWhatIsFreeLessTheLogs) {
  constexpr int64_t kHoleBytes = int64_t{8} << 40;
  const TemporaryDirectory temporary;
  WriteWholeFile(temporary.File("000007.log"), "");
  const absl::StatusOr<int64_t> without = SpareBytes(temporary.path());
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_GT(*without, 0);
  std::filesystem::resize_file(temporary.File("000007.log"), kHoleBytes);
  const absl::StatusOr<int64_t> with = SpareBytes(temporary.path());
  ASSERT_TRUE(with.ok()) << with.status();
  // Others write to the volume too.
  EXPECT_LT(*with, *without - kHoleBytes / 2);
  EXPECT_GT(*with, *without - 2 * kHoleBytes);
  EXPECT_FALSE(SpareBytes("/nowhere/at/all/db").ok());
}

// A stop because of a full disk must not leave behind what keeps the gate from starting again.
TEST(FreeSpace, TrashGoesBeforeSpaceIsAskedFor) {
  const TemporaryDirectory temporary;
  ASSERT_TRUE(Database::Open(temporary.File("db"), {}).ok());
  WriteWholeFile(temporary.File("db/000012.sst.trash"), "x");
  WriteWholeFile(temporary.File("db/000013.log.trash"), "x");
  const auto database =
      Database::Open(temporary.File("db"), {.free_bytes_min = kMoreThanAnyVolume});
  EXPECT_TRUE(absl::IsResourceExhausted(database.status())) << database.status();
  EXPECT_FALSE(std::filesystem::exists(temporary.File("db/000012.sst.trash")));
  EXPECT_FALSE(std::filesystem::exists(temporary.File("db/000013.log.trash")));
  EXPECT_TRUE(Database::Open(temporary.File("db"), {}).ok());
}

TEST(FreeSpace, AVolumeThatIsNotThereIsAnError) {
  EXPECT_FALSE(CheckFreeSpace("/nowhere/at/all/db", 0).ok());
}

TEST(FreeSpace, IsAskedForBeforeAnythingIsWritten) {
  const TemporaryDirectory temporary;
  const auto database =
      Database::Open(temporary.File("db"), {.free_bytes_min = kMoreThanAnyVolume});
  EXPECT_TRUE(absl::IsResourceExhausted(database.status())) << database.status();
  EXPECT_FALSE(std::filesystem::exists(temporary.File("db")));
}

}  // namespace
}  // namespace tipgate

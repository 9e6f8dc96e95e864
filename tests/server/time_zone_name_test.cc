#include "server/time_zone_name.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tipgate {
namespace {

namespace fs = std::filesystem;

TEST(TimeZoneName, NamesOfTheDatabaseAreTakenAndNothingElse) {
  for (const char* name : {"UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8"}) {
    EXPECT_TRUE(IsTimeZoneName(name)) << name;
  }
  for (const char* name :
       {"", "Asia", "Asia/", "/Asia/Shanghai", "Asia//Shanghai", "Asia/Nowhere", "localtime",
        "../zoneinfo/UTC", "Fixed/UTC+08:00:00", "tzdata.zi", "file:UTC"}) {
    EXPECT_FALSE(IsTimeZoneName(name)) << name;
  }
  EXPECT_FALSE(IsTimeZoneName(std::string(65, 'A')));
  EXPECT_FALSE(IsTimeZoneName(std::string(1 << 20, 'A')));
}

// Absl remembers for ever that it did not know a name. So it must not have been asked.
TEST(TimeZoneName, ANameThatIsNotKnownIsNotRemembered) {
  const fs::path folder = fs::path(testing::TempDir()) / "TimeZoneName.database";
  fs::create_directories(folder);
  fs::remove(folder / "Newland");
  ASSERT_EQ(setenv("TZDIR", folder.c_str(), 1), 0);
  const bool is_known_before = IsTimeZoneName("Newland");
  fs::copy_file("/usr/share/zoneinfo/Asia/Shanghai", folder / "Newland");
  const bool is_known_after = IsTimeZoneName("Newland");
  ASSERT_EQ(unsetenv("TZDIR"), 0);
  EXPECT_FALSE(is_known_before);
  EXPECT_TRUE(is_known_after);
}

}  // namespace
}  // namespace tipgate

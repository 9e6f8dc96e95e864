#include "bench/report_file.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ReportFile, KeepsTheEarlierReportUntilTheNewOneComes) {
  const auto scratch = ScratchDirectory::Create();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  const std::string path = scratch->Join("report.json");
  std::ofstream(path) << "a long report of yesterday";
  auto file = ReportFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(Read(path), "a long report of yesterday");
  EXPECT_TRUE(file->Write("today").ok());
  EXPECT_EQ(Read(path), "today");
}

TEST(ReportFile, OneThatCannotBeWrittenIsToldAtOnce) {
  const auto scratch = ScratchDirectory::Create();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  for (const std::string& path : {scratch->Join("nowhere/report.json"), scratch->Join("")}) {
    const auto file = ReportFile::Open(path);
    EXPECT_TRUE(absl::IsFailedPrecondition(file.status())) << path;
    EXPECT_THAT(std::string(file.status().message()),
                testing::StartsWith(absl::StrCat("cannot write ", path, ": ")));
  }
}

}  // namespace
}  // namespace tipgate

#include "server/exit_code.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "absl/strings/numbers.h"

namespace tipgate {
namespace {

// The numbers that follow `before` in the lines of a file of the sources, where one does.
std::set<int> NumbersAfter(const std::string& path, const std::string& before) {
  std::ifstream file(TIPGATE_SOURCE_DIR + path);
  std::set<int> numbers;
  for (std::string line; std::getline(file, line);) {
    const size_t begin = line.find(before);
    int number = 0;
    if (begin == std::string::npos) continue;
    const std::string rest = line.substr(begin + before.size());
    const size_t end = rest.find_first_not_of("0123456789");
    if (absl::SimpleAtoi(rest.substr(0, end), &number)) numbers.insert(number);
  }
  return numbers;
}

TEST(ExitCode, TheDocumentHasOneRowForEachAndNoOther) {
  const std::set<int> codes = NumbersAfter("/server/exit_code.h", " = ");
  EXPECT_TRUE(codes.contains(static_cast<int>(ExitCode::kDrained)));
  EXPECT_TRUE(codes.contains(static_cast<int>(ExitCode::kConfig)));
  EXPECT_EQ(NumbersAfter("/docs/tipgate.md", "| "), codes);
}

}  // namespace
}  // namespace tipgate

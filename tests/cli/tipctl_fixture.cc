#include "tests/cli/tipctl_fixture.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tipgate {
namespace {

std::string SingleSpaced(std::string text) {
  absl::RemoveExtraAsciiWhitespace(&text);
  return text;
}

}  // namespace

testing::AssertionResult IsSame(const google::protobuf::Message& actual,
                                const google::protobuf::Message& expected) {
  std::string report;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&report);
  if (differencer.Compare(expected, actual)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << report;
}

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

bool HasLine(const std::string& text, const std::string& words) {
  const std::vector<std::string> lines = Lines(text);
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return SingleSpaced(line) == words; });
}

ProcessResult TipctlTest::Run(const std::string& line) const {
  return RunTipctl(absl::StrSplit(line, ' ', absl::SkipEmpty()),
                   {absl::StrCat("TIPGATE_TARGET=", gate_.address()), "TZ=Asia/Shanghai"});
}

}  // namespace tipgate

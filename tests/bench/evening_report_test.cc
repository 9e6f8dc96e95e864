// What tipevening says to programs is what its page says.

#include "bench/evening_report.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace tipgate {
namespace {

constexpr auto kCode = v1::REJECTION_CODE_DAY_LIMIT;

// A report in which every map and list has an element.
EveningReport FullReport() {
  EveningReport report;
  report.tally.rejected_by[kCode].Add(1);
  report.tally.day.reminders[800] = 1;
  report.tally.month.reminders[800] = 1;
  report.tally.recharge.rejected_by[kCode].Add(1);
  report.latencies["AuthorizeTip"].Record(1'000'000);
  report.checks.emplace_back();
  return report;
}

bool IsAmount(const google::protobuf::Struct& object) {
  return object.fields_size() == 2 && object.fields().contains("count") &&
         object.fields().contains("minor");
}

// Adds the path of each value in the object.
void AddPaths(const google::protobuf::Struct& object, const std::string& prefix,
              std::set<std::string>* paths) {
  for (const auto& [name, value] : object.fields()) {
    const std::string path = absl::StrCat(prefix, name);
    const bool is_object = value.has_struct_value() && !IsAmount(value.struct_value());
    if (is_object) {
      AddPaths(value.struct_value(), path + ".", paths);
    } else if (value.list_value().values_size() > 0) {
      AddPaths(value.list_value().values(0).struct_value(), path + "[].", paths);
    } else {
      paths->insert(path);
    }
  }
}

// What stands in the first column of the table whose header is `header`.
std::set<std::string> FirstColumn(const std::string& header) {
  std::ifstream document(TIPGATE_SOURCE_DIR "/docs/tipevening.md");
  std::set<std::string> cells;
  bool is_inside = false;
  for (std::string line; std::getline(document, line);) {
    is_inside = absl::StartsWith(line, "| ") && (is_inside || line == header);
    if (!is_inside || line == header || absl::StartsWith(line, "| ---")) continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '|');
    cells.insert(absl::StrReplaceAll(columns[1], {{" ", ""}, {"`", ""}}));
  }
  return cells;
}

TEST(EveningReport, TheDocumentHasOneRowForEachKeyOfTheJsonAndNoOther) {
  google::protobuf::Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ReportJson(FullReport()), &json).ok());
  std::set<std::string> paths;
  AddPaths(json, "", &paths);
  std::set<std::string> expected;
  for (const std::string& path : paths) {
    expected.insert(absl::StrReplaceAll(path, {{v1::RejectionCode_Name(kCode), "CODE"},
                                               {".800", ".PERMILLE"},
                                               {"AuthorizeTip", "METHOD"}}));
  }
  EXPECT_EQ(FirstColumn("| key | type | meaning |"), expected);
}

TEST(EveningReport, TheDocumentHasEachExitStatusAndNoOther) {
  std::set<std::string> expected = {"0"};
  std::ifstream source(TIPGATE_SOURCE_DIR "/bench/evening_main.cc");
  for (std::string line; std::getline(source, line);) {
    if (!absl::StartsWith(line, "constexpr int kExit")) continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    expected.insert(absl::StrReplaceAll(words.back(), {{";", ""}}));
  }
  EXPECT_EQ(expected.size(), 5U);
  EXPECT_EQ(FirstColumn("| status | meaning |"), expected);
}

}  // namespace
}  // namespace tipgate

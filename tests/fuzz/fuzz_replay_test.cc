// What fuzzing has found interesting, and what once broke the gate, again and with any compiler.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/fuzz/call_script.h"
#include "tests/fuzz/target.h"

namespace tipgate::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> CorpusOf(const Target& target) {
  std::vector<fs::path> files;
  const fs::path folder = fs::path(TIPGATE_SOURCE_DIR) / "tests/fuzz/corpus" / target.name;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class FuzzCorpus : public testing::TestWithParam<Target> {};

TEST_P(FuzzCorpus, NothingOfItBreaksAnything) {
  const std::vector<fs::path> files = CorpusOf(GetParam());
  EXPECT_GE(files.size(), 5u);
  for (const fs::path& path : files) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, path.string());
    EXPECT_EQ(GetParam().run(ReadFile(path)), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(Targets()),
                         [](const auto& target) { return std::string(target.param.name); });

TEST(FuzzTargets, TakeNothingAtAll) {
  for (const Target& target : Targets()) EXPECT_EQ(target.run(""), "") << target.name;
}

// Does a script reach every call of the contract? Each has a request of its name.
TEST(FuzzTargets, EveryMethodOfTheContractIsCalled) {
  size_t requests_count = 0;
  for (const char* proto : {"audit", "event", "income", "payer", "proposal", "recharge", "sanction",
                            "session", "stop", "streamer", "tip"}) {
    const auto* const file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
        absl::StrCat("tipgate/v1/", proto, ".proto"));
    ASSERT_NE(file, nullptr) << proto;
    for (int i = 0; i < file->message_type_count(); ++i) {
      absl::string_view name = file->message_type(i)->name();
      if (!absl::ConsumeSuffix(&name, "Request")) continue;
      ++requests_count;
      EXPECT_EQ(RequestOf(Methods()[MethodPlace(name)]).GetDescriptor(), file->message_type(i));
    }
  }
  EXPECT_EQ(requests_count, Methods().size());
}

}  // namespace
}  // namespace tipgate::fuzz

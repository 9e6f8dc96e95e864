// What the server refuses to start with: exit code, and words that say what to do.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "bench/child_process.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/small_volume.h"

namespace tipgate {
namespace {

using testing::HasSubstr;

constexpr int kExitDamaged = 65;
constexpr int kExitUnavailable = 69;
constexpr int kExitCannotOpen = 73;
constexpr int kExitConfig = 78;
constexpr char kAnyPort[] = "127.0.0.1:0";
constexpr absl::Duration kPatience = absl::Minutes(1);

class RefusedStart : public GateTest {
 protected:
  // Starts a gate, waits for its end, and keeps its words in `words_`.
  int ExitCode(GateProcessOptions options) {
    options.log_file = files().Join(absl::StrCat("refused ", ++starts_count_, ".log"));
    const auto refused = GateProcess::Launch(options);
    EXPECT_TRUE(refused.ok()) << refused.status();
    if (!refused.ok()) return -1;
    const absl::StatusOr<int> code = (*refused)->WaitExit(kPatience);
    words_ = ReadFile(options.log_file);
    return code.value_or(-1);
  }
  int ExitCode() { return ExitCode(StartOptions()); }

  // Replaces text of a file that the gate reads.
  void Edit(const std::string& path, const std::string& from, const std::string& to) {
    const std::string text = ReadFile(path);
    ASSERT_THAT(text, HasSubstr(from));
    WriteFile(path, absl::StrReplaceAll(text, {{from, to}}));
  }
  // The line on which a text stands in a file.
  static int LineOf(const std::string& path, const std::string& text) {
    std::ifstream file(path);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (line.find(text) != std::string::npos) return number;
    }
    return -1;
  }
  std::string Place(const std::string& path, const std::string& text) {
    return absl::StrCat(path, ":", LineOf(path, text), ":");
  }

  std::string words_;

 private:
  int starts_count_ = 0;
};

TEST_F(RefusedStart, IdentitiesThatAreOnlyClaimedOnANetwork) {
  more_config_ = "development_identities: true\nlisten_address: 0.0.0.0:0\n";
  const GateProcessOptions options = StartOptions();
  const std::string log_file = files().Join("refused.log");
  for (const bool has_flag : {false, true}) {
    std::vector<std::string> arguments = {"--check", "--config", files().config_file()};
    if (has_flag) arguments.insert(arguments.end(), {"--listen", kAnyPort});
    auto checked = ChildProcess::Start({options.binary, arguments, {}, log_file});
    ASSERT_TRUE(checked.ok()) << checked.status();
    EXPECT_EQ(checked->WaitExit(kPatience).value_or(-1), has_flag ? 0 : kExitConfig);
  }
  EXPECT_THAT(ReadFile(log_file),
              HasSubstr("development_identities: expected false, or a loopback"));
}

TEST_F(RefusedStart, ADirectoryInUseNamesItsProcess) {
  StartGateWithSession();
  EXPECT_EQ(ExitCode(), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr(absl::StrCat("process ", gate().pid())));
  EXPECT_THAT(words_, HasSubstr(files().data_dir()));
  EXPECT_EQ(client().Tip(TipOf("t", 1)).outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(RefusedStart, ADirectoryInUseWhoseLockWasRemovedNamesItsProcess) {
  StartGateWithSession();
  std::filesystem::remove(files().data_dir() + "/LOCK");
  EXPECT_EQ(ExitCode(), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr(absl::StrCat("is in use by process ", gate().pid(), "; stop it")));
  EXPECT_EQ(client().Tip(TipOf("t", 1)).outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(RefusedStart, ADirectoryThatCannotBeMade) {
  GateProcessOptions options = StartOptions();
  options.data_dir = files().policy_file() + "/below/a/file";
  EXPECT_EQ(ExitCode(options), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr(options.data_dir));
  options.data_dir = "/proc/tipgate";
  EXPECT_EQ(ExitCode(options), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr("/proc/tipgate: no directory can be made there; name one"));
}

TEST_F(RefusedStart, ADirectoryOfSomethingElse) {
  GateProcessOptions options = StartOptions();
  std::filesystem::create_directory(options.data_dir);
  WriteFile(options.data_dir + "/holiday.jpg", "not ours");
  EXPECT_EQ(ExitCode(options), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr("holiday.jpg"));
}

TEST_F(RefusedStart, ANewerFormat) {
  StartGateWithSession();
  StopGate();
  Edit(files().data_dir() + "/FORMAT", "format 6", "format 999");
  EXPECT_EQ(ExitCode(), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr("999"));
}

TEST_F(RefusedStart, ALostFormat) {
  StartGateWithSession();
  StopGate();
  std::filesystem::remove(files().data_dir() + "/FORMAT");
  EXPECT_EQ(ExitCode(), kExitCannotOpen);
  EXPECT_THAT(words_, HasSubstr("has lost its file FORMAT; restore that file from a backup"));
}

// One byte of the largest file of this kind is another.
void Damage(const std::string& folder, const std::string& extension) {
  std::filesystem::path largest;
  uintmax_t size = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool is_it = entry.is_regular_file() && entry.path().extension() == extension;
    if (is_it && entry.file_size() > size) largest = entry.path(), size = entry.file_size();
  }
  ASSERT_GT(size, 0u) << "no " << extension << " in " << folder;
  std::fstream file(largest, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(size / 2));
  const char byte = static_cast<char>(file.get());
  file.seekp(static_cast<std::streamoff>(size / 2));
  file.put(static_cast<char>(byte ^ 0x40));
}

TEST_F(RefusedStart, ADamagedJournal) {
  more_config_ = "checkpoint_interval: 1h\n";
  StartGateWithSession();
  for (int i = 0; i < 200; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1));
  gate().Kill();
  Damage(files().data_dir(), ".log");
  EXPECT_EQ(ExitCode(), kExitDamaged);
  EXPECT_THAT(words_, HasSubstr("restore the data directory"));
}

TEST_F(RefusedStart, AFullVolume) {
  GateProcessOptions options = StartOptions();
  options.data_dir = files().Join("volume/data");
  for (const char* size : {"4k", "16k", "64k", "1m", "60m"}) {
    const SmallVolume volume(files().Join("volume"), size);
    if (!volume.is_mounted()) GTEST_SKIP() << "only root may mount; see storage_test's FreeSpace";
    EXPECT_EQ(ExitCode(options), kExitCannotOpen) << size << ": " << words_;
    EXPECT_THAT(words_, HasSubstr("; free some space, then start again")) << size;
  }
}

TEST_F(RefusedStart, ALostDatabase) {
  StartGateWithSession();
  gate().Kill();
  std::filesystem::remove_all(files().data_dir() + "/db");
  EXPECT_EQ(ExitCode(), kExitDamaged);
  EXPECT_THAT(words_, HasSubstr("entries were lost; restore the data directory"));
  // A refused start must not make the next one pass: TAILS knows the log that it has begun.
  EXPECT_EQ(ExitCode(), kExitDamaged);
  EXPECT_THAT(words_, HasSubstr("of it were durable; restore the data directory"));
}

TEST_F(RefusedStart, ALostLogAfterACleanStop) {
  more_config_ = "checkpoint_interval: 1h\n";
  StartGateWithSession();
  for (int i = 0; i < 20; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1));
  StopGate();
  int logs_count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(files().data_dir() + "/db")) {
    if (entry.path().extension() == ".log") logs_count += std::filesystem::remove(entry.path());
  }
  ASSERT_GT(logs_count, 0);
  EXPECT_EQ(ExitCode(), kExitDamaged);
  EXPECT_THAT(words_, HasSubstr("restore the data directory"));
}

TEST_F(RefusedStart, WithoutTheMarksWhatIsLeftIsServed) {
  StartGateWithSession();
  StopGate();
  std::filesystem::remove_all(files().data_dir() + "/db");
  EXPECT_EQ(ExitCode(), kExitDamaged);
  std::filesystem::remove(files().data_dir() + "/HEAD");
  std::filesystem::remove(files().data_dir() + "/TAILS");
  StartGate();
  StopGate();
}

TEST_F(RefusedStart, APortInUseLeavesTheDirectoryAsItWas) {
  StartGateWithSession();
  StopGate();
  const GateProcessOptions options = StartOptions();
  const std::string head = ReadFile(options.data_dir + "/HEAD");
  GateProcessOptions other_options = options;
  other_options.data_dir = files().Join("other");
  const auto other = GateProcess::Start(other_options);
  ASSERT_TRUE(other.ok()) << other.status();
  const std::string addresses[][2] = {{(*other)->target(), kAnyPort},
                                      {kAnyPort, (*other)->metrics_address()}};
  for (const auto& [listen, metrics] : addresses) {
    const std::string log_file = files().Join("port.log");
    auto refused = ChildProcess::Start(
        {.binary = options.binary,
         .arguments = {"--config", options.config_file, "--listen", listen, "--metrics", metrics},
         .environment = {},
         .log_file = log_file});
    ASSERT_TRUE(refused.ok()) << refused.status();
    EXPECT_EQ(refused->WaitExit(kPatience).value_or(-1), kExitUnavailable);
    EXPECT_THAT(ReadFile(log_file), HasSubstr(listen == kAnyPort ? metrics : listen));
    EXPECT_EQ(ReadFile(options.data_dir + "/HEAD"), head);
  }
}

TEST_F(RefusedStart, AWrongPolicyNamesFileAndLine) {
  StartOptions();  // Makes the files.
  const std::string policy = files().policy_file();
  const std::string right = ReadFile(policy);
  const std::pair<std::string, std::string> faults[] = {
      {"tip_max_minor: 500000000", "tip_max_minor: 0"},
      {"tip_max_minor: 500000000", "tip_max_minor: lots"},
      {"tip_max_minor: 500000000", "tip_maximum: 5"},
      {"reminder_permille: [1000]", "reminder_permille: [500, 300]"},
      {"session_duration_max: 4h", "session_duration_max: 4"},
      {"currency: CNY", "currency: yuan"},
  };
  for (const auto& [from, to] : faults) {
    Edit(policy, from, to);
    EXPECT_EQ(ExitCode(), kExitConfig) << to;
    EXPECT_THAT(words_, HasSubstr(Place(policy, to)));
    EXPECT_THAT(words_, HasSubstr("expected"));
    WriteFile(policy, right);
  }
}

TEST_F(RefusedStart, APolicyThatDoesNotFitTheJournalNamesFileAndLine) {
  StartGateWithSession();
  StopGate();
  const std::string policy = files().policy_file();
  const std::string right = ReadFile(policy);
  const std::pair<std::string, std::string> changes[] = {
      {absl::StrCat("time_zone: ", NoonTimeZone()), "time_zone: Pacific/Chatham"},
      {"currency: CNY", "currency: USD"},
  };
  for (const auto& [from, to] : changes) {
    Edit(policy, from, to);
    EXPECT_EQ(ExitCode(), kExitConfig) << to;
    EXPECT_THAT(words_, HasSubstr(Place(policy, to)));
    EXPECT_THAT(words_, HasSubstr("of this data directory are counted, found "));
    WriteFile(policy, right);
  }
}

TEST_F(RefusedStart, AWrongGiftNamesFileAndLine) {
  StartOptions();
  Edit(files().gifts_file(), "gift_id: 100,", "gift_id: -100,");
  EXPECT_EQ(ExitCode(), kExitConfig);
  EXPECT_THAT(words_, HasSubstr(Place(files().gifts_file(), "-100")));
}

TEST_F(RefusedStart, AWrongConfigNamesFileAndLine) {
  more_config_ = "queue_calls_max: 1000\n";  // No power of two.
  StartOptions();
  EXPECT_EQ(ExitCode(), kExitConfig);
  EXPECT_THAT(words_, HasSubstr(Place(files().config_file(), "queue_calls_max")));
  Edit(files().config_file(), "queue_calls_max: 1000", "surprise: 1");
  EXPECT_EQ(ExitCode(), kExitConfig);
  EXPECT_THAT(words_, HasSubstr(Place(files().config_file(), "surprise")));
}

TEST_F(RefusedStart, AMissingFile) {
  GateProcessOptions options = StartOptions();
  options.policy_file = files().Join("nowhere.yaml");
  EXPECT_EQ(ExitCode(options), kExitConfig);
  EXPECT_THAT(words_, HasSubstr("nowhere.yaml"));
}

}  // namespace
}  // namespace tipgate

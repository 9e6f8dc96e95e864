#include "server/command_line.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace tipgate {
namespace {

using testing::HasSubstr;

// What the words after "tipgate" say, and what was printed about them.
struct Parsed {
  std::optional<ExitCode> code;
  CommandLine flags;
  std::string words;
};

Parsed Parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "tipgate");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  Parsed parsed;
  testing::internal::CaptureStderr();
  parsed.code = ParseCommandLine(static_cast<int>(argv.size()), argv.data(), &parsed.flags);
  parsed.words = testing::internal::GetCapturedStderr();
  return parsed;
}

TEST(CommandLine, EachFlagWithAValueIsTaken) {
  const Parsed parsed =
      Parse({"--config", "c", "--data-dir", "d", "--policy", "p", "--gifts=g", "--ready-file", "r",
             "--listen", "127.0.0.1:1", "--metrics", "127.0.0.1:2"});
  EXPECT_FALSE(parsed.code.has_value()) << parsed.words;
  EXPECT_EQ(parsed.flags.config_file, "c");
  EXPECT_EQ(parsed.flags.data_dir, "d");
  EXPECT_EQ(parsed.flags.policy_file, "p");
  EXPECT_EQ(parsed.flags.gifts_file, "g");
  EXPECT_EQ(parsed.flags.ready_file, "r");
  EXPECT_EQ(parsed.flags.listen_address, "127.0.0.1:1");
  EXPECT_EQ(parsed.flags.metrics_address, "127.0.0.1:2");
}

TEST(CommandLine, AnEmptyValueIsWrong) {
  for (const std::string flag :
       {"--config", "--data-dir", "--policy", "--gifts", "--ready-file", "--listen", "--metrics"}) {
    for (const std::vector<std::string>& form :
         {std::vector<std::string>{flag, ""}, {flag + "="}, {flag}}) {
      std::vector<std::string> arguments = form;
      if (flag != "--config") arguments.insert(arguments.begin(), {"--config", "c"});
      const Parsed parsed = Parse(std::move(arguments));
      EXPECT_EQ(parsed.code, ExitCode::kUsage) << flag;
      EXPECT_THAT(parsed.words, HasSubstr(flag + ":"));
    }
  }
}

// Of an unset shell variable.
TEST(CommandLine, TheNextFlagIsNoValue) {
  for (const std::vector<std::string>& words : std::initializer_list<std::vector<std::string>>{
           {"--data-dir=", "--check"}, {"--data-dir", "--check"}}) {
    std::vector<std::string> arguments = {"--config", "c"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Parsed parsed = Parse(std::move(arguments));
    EXPECT_EQ(parsed.code, ExitCode::kUsage);
    EXPECT_THAT(parsed.words, HasSubstr("--data-dir: expected a path, found --check"));
  }
}

}  // namespace
}  // namespace tipgate

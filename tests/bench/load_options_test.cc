#include "bench/load_options.h"

#include <gtest/gtest.h>

#include <vector>

namespace tipgate {
namespace {

ParsedCommandLine Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "tipbench");
  return ParseLoadOptions(static_cast<int>(arguments.size()), arguments.data());
}

TEST(LoadOptions, DefaultsAreAClosedUnaryLoop) {
  const ParsedCommandLine parsed = Parse({});
  ASSERT_FALSE(parsed.is_done);
  EXPECT_EQ(parsed.options.mode, LoadMode::kUnary);
  EXPECT_EQ(parsed.options.batch, 1);
  EXPECT_EQ(parsed.options.tips_per_second, 0);
  EXPECT_EQ(parsed.options.rounds, 1);
  EXPECT_GT(parsed.options.in_flight, 0);
}

TEST(LoadOptions, AShortRunHasARoundASecond) {
  EXPECT_EQ(Parse({"--echo", "--seconds", "3"}).options.rounds, 3);
  EXPECT_EQ(Parse({"--echo", "--seconds", "5"}).options.rounds, 5);
  EXPECT_TRUE(Parse({"--echo", "--seconds", "3", "--rounds", "4"}).is_done);
}

TEST(LoadOptions, FlagsAreTaken) {
  const ParsedCommandLine parsed =
      Parse({"--mode", "stream", "--batch", "1000", "--payers", "1000000", "--seconds", "20",
             "--rate", "500000", "--echo", "--json", "out.json", "--seed", "9"});
  ASSERT_FALSE(parsed.is_done);
  EXPECT_EQ(parsed.options.mode, LoadMode::kStream);
  EXPECT_EQ(parsed.options.batch, 1'000);
  EXPECT_EQ(parsed.options.payers, 1'000'000);
  EXPECT_EQ(parsed.options.tips_per_second, 500'000);
  EXPECT_TRUE(parsed.options.with_echo);
  EXPECT_EQ(parsed.options.rounds, 5);
  EXPECT_EQ(parsed.options.json_file, "out.json");
  EXPECT_EQ(parsed.options.seed, 9U);
  EXPECT_EQ(parsed.options.command_line,
            "tipbench --mode stream --batch 1000 --payers 1000000 --seconds 20 --rate 500000 "
            "--echo --json out.json --seed 9");
}

TEST(LoadOptions, ADeadlineIsADurationOfUnaryCallsAndBatches) {
  EXPECT_EQ(Parse({}).options.deadline_ms, 0);
  EXPECT_EQ(Parse({"--deadline", "1s500ms"}).options.deadline_ms, 1'500);
  for (const char* wrong : {"0s", "-1s", "100", "2h", ""}) {
    EXPECT_TRUE(Parse({"--deadline", wrong}).is_done) << wrong;
  }
  EXPECT_TRUE(Parse({"--deadline", "1s", "--mode", "stream"}).is_done);
}

TEST(LoadOptions, TheLastOfTwoHolds) {
  EXPECT_EQ(Parse({"--payers", "5", "--payers", "7"}).options.payers, 7);
}

TEST(LoadOptions, AUnaryMessageHasOneTip) {
  EXPECT_EQ(Parse({"--mode", "unary", "--batch", "50"}).options.batch, 1);
}

TEST(LoadOptions, LimitsAreTaken) {
  EXPECT_FALSE(Parse({"--batch", "8192"}).is_done);
  EXPECT_FALSE(Parse({"--seconds", "3600"}).is_done);
  EXPECT_FALSE(Parse({"--in-flight", "65536"}).is_done);
}

TEST(LoadOptions, WrongFlagsAreRefused) {
  const std::vector<std::vector<const char*>> wrong = {
      {"--mode", "burst"},
      {"--mode", "7"},
      {"--batch", "0"},
      {"--batch", "8193"},
      {"--payers", "0"},
      {"--payers", "-1"},
      {"--payers", "1000000001"},
      {"--active-payers", "0"},
      {"--payers", "10", "--active-payers", "11"},
      {"--sessions", "0"},
      {"--zipf", "-0.1"},
      {"--zipf", "nan"},
      {"--seconds", "0"},
      {"--seconds", "3601"},
      {"--seconds", "ten"},
      {"--rate", "0"},
      {"--income-tips", "0"},
      {"--income-tips", "1000", "--echo"},
      {"--in-flight", "0"},
      {"--in-flight", "65537"},
      {"--connections", "0"},
      {"--threads", "65"},
      {"--in-flight", "1"},  // Fewer than connections.
      {"--threads", "8"},    // More than connections.
      {"--echo", "--seconds", "2", "--rounds", "3"},
      {"--target", "a:1", "--config", "b"},
      {"--target", "a:1", "--data-dir", "/tmp"},
      {"--data-dir", "/nonexistent"},
      {"--server-pid", "1"},
      {"--unknown"},
  };
  for (const auto& arguments : wrong) {
    const ParsedCommandLine parsed = Parse(arguments);
    EXPECT_TRUE(parsed.is_done) << arguments[0];
    EXPECT_EQ(parsed.exit_code, 64) << arguments[0];
  }
}

TEST(LoadOptions, HelpIsNoError) {
  const ParsedCommandLine parsed = Parse({"--help"});
  EXPECT_TRUE(parsed.is_done);
  EXPECT_EQ(parsed.exit_code, 0);
}

}  // namespace
}  // namespace tipgate

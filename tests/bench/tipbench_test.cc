// The real tipbench, against the real empty service.

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "bench/child_process.h"
#include "bench/gate_process.h"
#include "bench/ready_file.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

constexpr auto kSoon = absl::Seconds(60);

class TipbenchTest : public testing::Test {
 protected:
  void SetUp() override {
    auto scratch = ScratchDirectory::Create();
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = *std::move(scratch);
    auto echo = ChildProcess::Start({ProgramNextToUs("tipecho"),
                                     {"--ready-file", scratch_.Join("echo.json")},
                                     {},
                                     scratch_.Join("echo.log")});
    ASSERT_TRUE(echo.ok()) << echo.status();
    echo_ = std::make_unique<ChildProcess>(*std::move(echo));
    auto addresses = WaitForReadyFile(*echo_, scratch_.Join("echo.json"), kSoon);
    ASSERT_TRUE(addresses.ok()) << addresses.status();
    target_ = addresses->listen;
  }

  // Runs tipbench for a second and returns its exit code.
  int Bench(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--payers", "100", "--sessions", "10", "--seconds", "1",
                                       "--warmup", "0", "--rounds", "1"});
    auto bench = ChildProcess::Start(
        {ProgramNextToUs("tipbench"), std::move(arguments), {}, scratch_.Join("bench.log")});
    if (!bench.ok()) return -1;
    const int exit_code = bench->WaitExit(kSoon).value_or(-1);
    output_ = bench->LogTail();
    return exit_code;
  }

  google::protobuf::Struct ReadJson() {
    std::ifstream file(scratch_.Join("bench.json"));
    google::protobuf::Struct json;
    const std::string text(std::istreambuf_iterator<char>(file), {});
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json).ok()) << text;
    return json;
  }

  ScratchDirectory scratch_;
  std::unique_ptr<ChildProcess> echo_;
  std::string target_;
  std::string output_;
};

TEST_F(TipbenchTest, EachModeReportsEveryField) {
  for (const std::string mode : {"unary", "batch", "stream"}) {
    ASSERT_EQ(Bench({"--target", target_, "--server-pid", absl::StrCat(echo_->pid()), "--mode",
                     mode, "--batch", "20", "--echo", "--json", scratch_.Join("bench.json")}),
              0)
        << output_;
    auto json = ReadJson();
    auto& fields = *json.mutable_fields();
    EXPECT_EQ(fields["mode"].string_value(), mode);
    EXPECT_EQ(fields["batch"].number_value(), mode == "unary" ? 1 : 20);
    EXPECT_EQ(fields["payers"].number_value(), 100);
    EXPECT_EQ(fields["seconds"].number_value(), 1);
    for (const std::string name : {"tips_per_second", "echo_per_second", "ratio", "p50_us",
                                   "p99_us", "p999_us", "accepted", "server_cpu_us_per_tip"}) {
      EXPECT_GT(fields[name].number_value(), 0) << mode << " " << name;
    }
    EXPECT_GT(fields["longest_gap_ms"].number_value(), 0) << mode;
    EXPECT_GE(fields["stalls_over_50ms"].number_value(), 0) << mode;
    EXPECT_GT(fields["rss_mb_begin"].number_value(), 0) << mode;
    EXPECT_GE(fields["rss_mb_peak"].number_value(), fields["rss_mb_end"].number_value()) << mode;
    EXPECT_TRUE(fields["disk_bytes_per_tip"].has_null_value()) << mode;
    EXPECT_EQ(fields["rejected"].number_value(), 0);
    EXPECT_EQ(fields["errors"].number_value(), 0);
  }
}

TEST_F(TipbenchTest, WithoutAnEchoItsFieldsAreNull) {
  ASSERT_EQ(Bench({"--target", target_, "--json", scratch_.Join("bench.json")}), 0) << output_;
  auto json = ReadJson();
  for (const std::string name : {"echo_per_second", "ratio", "server_cpu_us_per_tip", "rate",
                                 "rss_mb_begin", "rss_mb_peak", "rss_mb_end"}) {
    EXPECT_TRUE(json.fields().at(name).has_null_value()) << name;
  }
}

TEST_F(TipbenchTest, OpenLoopKeepsItsRate) {
  ASSERT_EQ(Bench({"--target", target_, "--mode", "batch", "--batch", "10", "--rate", "1000",
                   "--json", scratch_.Join("bench.json")}),
            0)
      << output_;
  auto json = ReadJson();
  EXPECT_EQ(json.fields().at("accepted").number_value(), 1'000);
  EXPECT_EQ(json.fields().at("rate").number_value(), 1'000);
}

// The empty service answers everything, and tells no totals.
TEST_F(TipbenchTest, DeadlinesWantAGateThatTellsWhatItDecided) {
  EXPECT_EQ(Bench({"--target", target_, "--deadline", "10s"}), 1);
  EXPECT_NE(output_.find("tipbench: "), std::string::npos) << output_;
}

TEST_F(TipbenchTest, AReportThatCannotBeWrittenIsToldBeforeTheRun) {
  const std::string path = scratch_.Join("nowhere/bench.json");
  EXPECT_EQ(Bench({"--target", target_, "--json", path}), 1);
  EXPECT_EQ(output_,
            absl::StrCat("tipbench: cannot write ", path, ": No such file or directory\n"));
}

TEST_F(TipbenchTest, AServerThatIsGoneIsAnErrorInOneLine) {
  echo_.reset();
  EXPECT_EQ(Bench({"--target", target_}), 1);
  EXPECT_EQ(output_, absl::StrCat("tipbench: nobody answers on ", target_, "\n"));
}

}  // namespace
}  // namespace tipgate

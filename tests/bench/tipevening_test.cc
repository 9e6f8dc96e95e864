// The real tipevening, against the real gate.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "bench/child_process.h"
#include "bench/gate_process.h"
#include "bench/scratch_directory.h"
#include "tipgate/v1/audit.grpc.pb.h"

namespace tipgate {
namespace {

constexpr auto kSoon = absl::Seconds(120);

class TipeveningTest : public testing::Test {
 protected:
  void SetUp() override {
    auto scratch = ScratchDirectory::Create();
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = *std::move(scratch);
    GateProcessOptions options;
    options.data_dir = scratch_.Join("data");
    auto gate = GateProcess::Start(options);
    ASSERT_TRUE(gate.ok()) << gate.status();
    gate_ = *std::move(gate);
  }

  ChildProcess StartProgram(const std::string& name, std::vector<std::string> arguments) {
    auto process = ChildProcess::Start(
        {ProgramNextToUs(name), std::move(arguments), {}, scratch_.Join(name + ".log")});
    EXPECT_TRUE(process.ok()) << process.status();
    return *std::move(process);
  }

  ChildProcess StartEvening(const std::string& run_id, const std::string& tips) {
    return StartProgram("tipevening", {"--target", gate_->target(), "--run-id", run_id, "--tips",
                                       tips, "--payers", "1000", "--sessions", "50"});
  }

  // Waits until the gate has accepted that many tips.
  bool WaitForTips(int64_t count) {
    const auto stub = v1::AuditService::NewStub(
        grpc::CreateChannel(gate_->target(), grpc::InsecureChannelCredentials()));
    const absl::Time deadline = absl::Now() + kSoon;
    while (absl::Now() < deadline) {
      grpc::ClientContext context;
      v1::GetServerInfoResponse response;
      const auto status = stub->GetServerInfo(&context, v1::GetServerInfoRequest(), &response);
      if (!status.ok()) return false;
      if (response.totals().tips_accepted_count() >= count) return true;
    }
    return false;
  }

  ScratchDirectory scratch_;
  std::unique_ptr<GateProcess> gate_;
};

TEST_F(TipeveningTest, TheBooksAgreeAfterEachOfTwoEveningsOnOneGate) {
  for (const char* run_id : {"1", "2"}) {
    ChildProcess evening = StartEvening(run_id, "3000");
    EXPECT_EQ(evening.WaitExit(kSoon).value_or(-1), 0) << evening.LogTail();
  }
}

TEST_F(TipeveningTest, TheBooksDoNotAgreeIfTheSameEveningIsPlayedAgain) {
  ChildProcess first = StartEvening("1", "1000");
  EXPECT_EQ(first.WaitExit(kSoon).value_or(-1), 0) << first.LogTail();
  // Every key is known to the gate, so that it counts nothing new.
  ChildProcess again = StartEvening("1", "1000");
  EXPECT_EQ(again.WaitExit(kSoon).value_or(-1), 1) << again.LogTail();
}

TEST_F(TipeveningTest, TheBooksAgreeAlthoughTheGateCrashesInBetween) {
  ChildProcess evening = StartEvening("1", "20000");
  ASSERT_TRUE(WaitForTips(2'000));
  gate_->Kill();
  ChildProcess gate = StartProgram(
      "tipgate", {"--config", SampleFile("tipgate.yaml"), "--data-dir", gate_->data_dir(),
                  "--listen", gate_->target(), "--metrics", "127.0.0.1:0"});
  EXPECT_EQ(evening.WaitExit(kSoon).value_or(-1), 0) << evening.LogTail();
}

TEST_F(TipeveningTest, WithoutAGateItSaysSo) {
  gate_->Kill();
  ChildProcess evening = StartEvening("1", "10");
  EXPECT_EQ(evening.WaitExit(kSoon).value_or(-1), 69) << evening.LogTail();
}

TEST_F(TipeveningTest, AReportThatCannotBeWrittenIsToldBeforeTheEvening) {
  ChildProcess evening = StartProgram(
      "tipevening", {"--target", gate_->target(), "--json", scratch_.Join("nowhere/evening.json")});
  EXPECT_EQ(evening.WaitExit(kSoon).value_or(-1), 73) << evening.LogTail();
  EXPECT_EQ(evening.LogTail(), "tipevening: cannot write " + scratch_.Join("nowhere/evening.json") +
                                   ": No such file or directory\n");
}

TEST_F(TipeveningTest, WrongFlagsAreRefused) {
  ChildProcess evening = StartEvening("1", "0");
  EXPECT_EQ(evening.WaitExit(kSoon).value_or(-1), 64) << evening.LogTail();
}

}  // namespace
}  // namespace tipgate

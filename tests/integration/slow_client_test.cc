// Clients that do not read, or go away without a word: the gate goes on, and its memory stays
// bounded.

#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/child_process.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

constexpr int64_t kMebibyte = 1 << 20;
// Far less than what the slow client would like to send and never reads.
constexpr int64_t kGrowthMax = 256 * kMebibyte;

class SlowClient : public GateTest {
 protected:
  void SetUp() override {
    StartGateWithSession();
    scratch_ = files().Join("scratch");
    std::filesystem::create_directory(scratch_);
  }

  std::unique_ptr<ChildProcess> StartTool(const std::string& binary,
                                          const std::vector<std::string>& arguments) {
    auto tool = ChildProcess::Start(
        {binary, arguments, {absl::StrCat("TMPDIR=", scratch_)}, files().Join("tool.log")});
    EXPECT_TRUE(tool.ok()) << tool.status();
    return tool.ok() ? std::make_unique<ChildProcess>(*std::move(tool)) : nullptr;
  }

 private:
  // What a killed program leaves behind goes with the other files of the test.
  std::string scratch_;
};

// Batches of retries of the same tips: large answers, and no history that fills memory.
v1::StreamTipsRequest LargeBatch() {
  v1::StreamTipsRequest request;
  for (int i = 0; i < 4'000; ++i) *request.add_tips() = TipOf(absl::StrCat("large", i), 1);
  return request;
}

TEST_F(SlowClient, AStreamThatIsNeverReadHoldsNobodyUp) {
  constexpr int kMessages = 1'000;  // About 700 MB of answers.
  const int64_t before = ProcessResidentBytes(gate().pid());
  GateClient slow(gate().target());
  grpc::ClientContext context;
  const auto stream = slow.tips().StreamTips(&context);
  std::atomic<int> written{0};
  const v1::StreamTipsRequest request = LargeBatch();
  std::thread writer([&] {
    while (written < kMessages && stream->Write(request)) ++written;
  });
  // Until the gate takes no more: 100 calls of somebody else and not one message.
  int last = 0;
  for (int round = 0; last == 0 || last != written; ++round) {
    last = written;
    ExpectResponsive(absl::StrCat("other ", round, "/"));
  }
  std::cout << "the gate took " << last << " messages" << std::endl;
  EXPECT_LT(last, kMessages);
  EXPECT_LT(ProcessResidentBytes(gate().pid()) - before, kGrowthMax);
  context.TryCancel();
  writer.join();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  ExpectResponsive("after");
  EXPECT_EQ(client().Must(AuthorizeOf(TipOf("large0", 1))).decision().outcome(),
            v1::OUTCOME_ACCEPTED);
}

TEST_F(SlowClient, AWatcherThatIsNeverReadHoldsNobodyUp) {
  GateClient slow(gate().target());
  grpc::ClientContext context;
  const auto reader = slow.events().WatchEvents(&context, v1::WatchEventsRequest());
  const int64_t before = ProcessResidentBytes(gate().pid());
  for (int batch = 0; batch < 30; ++batch) {
    v1::AuthorizeTipsRequest request;
    for (int i = 0; i < 2'000; ++i) {
      *request.add_tips() = TipOf(absl::StrCat("event ", batch, "/", i), 1);
    }
    ASSERT_EQ(client().Must(request).results_size(), 2'000);
  }
  ExpectResponsive("other");
  EXPECT_LT(ProcessResidentBytes(gate().pid()) - before, kGrowthMax);
  context.TryCancel();
  EXPECT_TRUE(Reaches("tipgate_watchers", 0));
}

TEST_F(SlowClient, AWatcherThatIsKilledIsForgotten) {
  const auto watcher = StartTool(TIPCTL_BINARY, {"--target", gate().target(), "--json", "watch"});
  ASSERT_NE(watcher, nullptr);
  ASSERT_TRUE(Reaches("tipgate_watchers", 1));
  watcher->Signal(SIGKILL);
  for (int i = 0; i < 1'000; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1));
  EXPECT_TRUE(Reaches("tipgate_watchers", 0));
}

// A stopped process takes nothing, not even that its call has been cancelled.
TEST_F(SlowClient, AStoppedWatcherDoesNotHoldUpADrain) {
  for (int batch = 0; batch < 75; ++batch) {
    v1::AuthorizeTipsRequest request;
    for (int i = 0; i < 2'000; ++i) {
      *request.add_tips() = TipOf(absl::StrCat("event ", batch, "/", i), 1);
    }
    ASSERT_EQ(client().Must(request).results_size(), 2'000);
  }
  const auto watcher = StartTool(TIPCTL_BINARY, {"--target", gate().target(), "--json", "watch"});
  ASSERT_NE(watcher, nullptr);
  ASSERT_TRUE(Reaches("tipgate_watchers", 1));
  watcher->Signal(SIGSTOP);
  ExpectResponsive("other");  // meanwhile, all that the connection holds has been written
  const absl::Time begin = absl::Now();
  StopGate();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(12));
}

// A client process dies in the middle of its streams.
TEST_F(SlowClient, AStreamWhoseClientIsKilledLeavesTheGateWhole) {
  for (int round = 0; round < 3; ++round) {
    const int64_t before = client().Totals().tips_accepted_count();
    const auto bench = StartTool(
        TIPBENCH_BINARY, {"--target", gate().target(), "--gifts", files().gifts_file(), "--policy",
                          files().policy_file(), "--mode", "stream", "--batch", "200", "--payers",
                          "1000", "--sessions", "10", "--seconds", "60"});
    ASSERT_NE(bench, nullptr);
    while (client().Totals().tips_accepted_count() == before) {
      const bool is_alive = bench->WaitExit(absl::ZeroDuration()).status().code() ==
                            absl::StatusCode::kDeadlineExceeded;
      ASSERT_TRUE(is_alive) << bench->LogTail();
    }
    bench->Signal(SIGKILL);
    ExpectResponsive(absl::StrCat("round ", round, "/"));
  }
  EXPECT_TRUE(Reaches("tipgate_requests_in_flight", 0));
  client().Verify();
}

}  // namespace
}  // namespace tipgate

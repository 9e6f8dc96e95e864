// Connections that nobody uses take nothing from the journal, and are bounded.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/child_process.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/http2_client.h"
#include "tests/integration/http_get.h"

namespace tipgate {
namespace {

constexpr rlim_t kUsualSoftLimit = 1024;
constexpr int kConnectionsCount = 1200;

// Lowers the soft limit of open files: for this process, and for those that it starts.
void SetSoftLimit(rlim_t files) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = files == RLIM_INFINITY ? limit.rlim_max : files;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

class Connections : public GateTest {
 protected:
  ~Connections() override {
    for (const int fd : idle_) close(fd);
  }

  std::vector<int> idle_;
};

TEST_F(Connections, MoreThanTheUsualLimitOfFilesDoNotStopTheGate) {
  SetSoftLimit(kUsualSoftLimit);
  StartGateWithSession();
  SetSoftLimit(RLIM_INFINITY);
  for (int i = 0; i < kConnectionsCount; ++i) {
    const int fd = ConnectTo(gate().target());
    ASSERT_GE(fd, 0) << "connection " << i;
    idle_.push_back(fd);
  }
  // A client of its own, whose connection comes after all of them.
  GateClient late(gate().target());
  v1::AuthorizeTipResponse response;
  const grpc::Status status =
      late.Call(AuthorizeOf(TipOf("late", 1)), &response, std::chrono::seconds(20));
  EXPECT_TRUE(status.ok()) << status.error_message();
  for (const int fd : idle_) close(fd);
  idle_.clear();
  StopGate();
}

// As many as TIPGATE_IDLE_CONNECTIONS says, or what the limit of open files leaves.
int IdleCount() {
  constexpr int kUsual = 1'000;
  constexpr rlim_t kOthers = 4'096;  // What the gate keeps for itself, and room.
  int wanted = kUsual;
  if (const char* text = std::getenv("TIPGATE_IDLE_CONNECTIONS")) {
    EXPECT_TRUE(absl::SimpleAtoi(text, &wanted)) << text;
  }
  rlimit limit{};
  EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const auto allowed = static_cast<int>(std::min<rlim_t>(limit.rlim_max, 1'000'000) - kOthers);
  if (allowed < wanted) {
    std::cout << "the limit of open files allows " << allowed << " of " << wanted << " connections"
              << std::endl;
  }
  return std::min(wanted, allowed);
}

// Again and again, since what a round leaves in the allocator is there for the next.
TEST_F(Connections, IdleOnesCostLittleAndNobodyElse) {
  constexpr int64_t kConnectionBytesMax = 64 << 10;
  constexpr int kRounds = 4;
  constexpr int64_t kConnectionLeftMax = 16 << 10;  // The first round takes more than that.
  constexpr double kFilesSlack = 8;                 // Files that the database may open meanwhile.
  SetSoftLimit(RLIM_INFINITY);
  StartGateWithSession();
  ExpectResponsive("before");
  const double files_before = Metric("process_open_fds");
  const int count = IdleCount();
  int64_t bytes_before = ProcessResidentBytes(gate().pid());
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Http2Client> idle;
    for (int i = 0; i < count; ++i) {
      idle.emplace_back(gate().target());
      ASSERT_TRUE(idle.back().Greet()) << i;
      ASSERT_TRUE(idle.back().Read().has_value()) << i;  // the gate's greeting
    }
    ExpectResponsive(absl::StrCat("meanwhile", round, "/"));
    EXPECT_EQ(GateClient(gate().target()).Tip(TipOf(absl::StrCat("new", round), 1)).outcome(),
              v1::OUTCOME_ACCEPTED);
    EXPECT_GE(Metric("process_open_fds"), files_before + count);
    const int64_t bytes = ProcessResidentBytes(gate().pid()) - bytes_before;
    std::cout << count << " idle connections take " << bytes / count << " bytes each" << std::endl;
    EXPECT_LT(bytes, count * kConnectionBytesMax);
    if (round == kRounds - 1) {
      EXPECT_LT(bytes, count * kConnectionLeftMax) << "the last round finds the room of the others";
    }
    bytes_before += bytes;
    idle.clear();
    EXPECT_TRUE(FallsTo("process_open_fds", files_before + kFilesSlack));
  }
  StopGate();
}

// A program that runs the gate with this hard limit of open files.
std::string LimitedGate(const std::string& binary, const std::string& script, int files) {
  WriteFile(script, absl::StrCat("#!/bin/sh\nulimit -n ", files, "\nexec ", binary, " \"$@\"\n"));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  return script;
}

TEST_F(Connections, BeyondWhatTheJournalCanSpareTheyAreRefused) {
  constexpr int kFilesMax = 4096;
  constexpr int kTooMany = 3000;
  SetSoftLimit(RLIM_INFINITY);
  GateProcessOptions options = StartOptions();
  options.binary = LimitedGate(options.binary, files().Join("limited"), kFilesMax);
  const auto limited = GateProcess::Start(options);
  ASSERT_TRUE(limited.ok()) << limited.status();
  GateClient early((*limited)->target());
  early.PutAdult(kPayer);
  for (int i = 0; i < kTooMany; ++i) {
    const int fd = ConnectTo((*limited)->target());
    ASSERT_GE(fd, 0) << "connection " << i;
    idle_.push_back(fd);
  }
  char byte = 0;  // who is accepted is greeted
  EXPECT_EQ(read(idle_.front(), &byte, 1), 1);
  EXPECT_EQ(read(idle_.back(), &byte, 1), 0);
  early.PutStreamer(kStreamer);
  early.OpenSession(kSession, kStreamer);
  EXPECT_EQ(early.Tip(TipOf("early", 1)).outcome(), v1::OUTCOME_ACCEPTED);
  const std::string page = HttpGet((*limited)->metrics_address(), "/metrics").body;
  EXPECT_GT(MetricValue(page, "tipgate_connections_refused_total"), 0);
  EXPECT_LT(MetricValue(page, "process_open_fds"), kFilesMax - 1'500);
  EXPECT_EQ(MetricValue(page, "process_max_fds"), kFilesMax);
  for (const int fd : idle_) close(fd);
  idle_.clear();
  GateClient late((*limited)->target());
  EXPECT_EQ(late.Tip(TipOf("late", 1)).outcome(), v1::OUTCOME_ACCEPTED);
}

}  // namespace
}  // namespace tipgate

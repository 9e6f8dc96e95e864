// Connections that nobody uses take nothing from the journal, and are bounded.

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"
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

// A signal to end: everything submitted is answered, the exit code is 0, and nothing answered is
// lost.

#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <future>

#include "absl/strings/str_cat.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/load_clients.h"

namespace tipgate {
namespace {

using Drain = GateTest;

TEST_F(Drain, UnderLoadItExitsCleanlyAndLosesNothing) {
  StartGateWithSession();
  LoadClients::PutPayers(client());
  TipBooks books;
  for (int round = 0; round < 3; ++round) {
    LoadClients clients(gate().target(), 1, round, &books);
    ASSERT_TRUE(books.AwaitAnswers(500));
    StopGate();
    clients.AwaitEnd();
    EXPECT_EQ(client().Try(AuthorizeOf(TipOf("after", 1))).error_code(),
              grpc::StatusCode::UNAVAILABLE);
    StartGate();
    books.ReplayAll(client());
    books.ExpectTotals(client().Totals());
  }
  client().Verify();
}

// Whatever a call meets on its way to a gate that stops, it is told UNAVAILABLE: the one code that
// says to retry with the same key.
TEST_F(Drain, CallsThatMeetTheEndAreToldToRetry) {
  StartGateWithSession();
  LoadClients::PutPayers(client());
  TipBooks books;
  for (int round = 0; round < 3; ++round) {
    LoadClients clients(gate().target(), 2, round, &books);
    ASSERT_TRUE(books.AwaitAnswers(500));
    StopGate();
    clients.AwaitEnd();
    EXPECT_EQ(clients.UnexplainedEnds(), std::vector<std::string>());
    StartGate();
  }
}

TEST_F(Drain, WatchersAreToldThatTheGateStops) {
  StartGateWithSession();
  EventWatch watch(client());
  ASSERT_TRUE(watch.Next().has_value());
  auto status = std::async(std::launch::async, [&] { return watch.Finish(); });
  StopGate();
  EXPECT_THAT(status.get(),
              FailsWith(grpc::StatusCode::UNAVAILABLE, v1::ERROR_REASON_STOPPING, ""));
}

TEST_F(Drain, AnIdleStreamEndsWithTheGate) {
  StartGateWithSession();
  grpc::ClientContext context;
  const auto stream = client().tips().StreamTips(&context);
  v1::StreamTipsRequest request;
  *request.add_tips() = TipOf("a", 1);
  ASSERT_TRUE(stream->Write(request));
  v1::StreamTipsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  StopGate();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(Drain, InterruptAndHangupAreTheSame) {
  for (const int signal : {SIGINT, SIGHUP}) {
    StartGate();
    ASSERT_EQ(kill(gate().pid(), signal), 0);
    EXPECT_EQ(gate().WaitExit(absl::Minutes(1)).value_or(-1), 0) << signal;
  }
}

// The configuration comes through a pipe: so the signal finds a gate that has read nothing yet.
TEST_F(Drain, ASignalDuringTheStartEndsItInOrder) {
  GateProcessOptions options = StartOptions();
  const std::string config = ReadFile(options.config_file);
  options.config_file = files().Join("pipe.yaml");
  ASSERT_EQ(mkfifo(options.config_file.c_str(), 0600), 0);
  const auto gate = GateProcess::Launch(options);
  ASSERT_TRUE(gate.ok()) << gate.status();
  std::ofstream pipe(options.config_file);  // opens once the gate does
  ASSERT_EQ(kill((*gate)->pid(), SIGTERM), 0);
  pipe << config << std::flush;
  pipe.close();
  EXPECT_EQ((*gate)->WaitExit(absl::Minutes(1)).value_or(-1), 0) << (*gate)->LogTail();
}

}  // namespace
}  // namespace tipgate

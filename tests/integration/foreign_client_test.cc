// A client that is not ours: Python with Debian's gRPC, on code generated from the proto files.
// Needs the packages python3, python3-grpcio and python3-protobuf.

#include "bench/child_process.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

using ForeignClient = GateTest;

TEST_F(ForeignClient, PythonTips) {
  StartGate();
  auto python = ChildProcess::Start({"/usr/bin/python3",
                                     {TIPGATE_SOURCE_DIR "/tests/integration/foreign_client.py",
                                      gate().target(), TIPGATE_PYTHON_DIR},
                                     {"PYTHONDONTWRITEBYTECODE=1"},
                                     files().Join("python.log")});
  ASSERT_TRUE(python.ok()) << python.status();
  EXPECT_EQ(python->WaitExit(absl::Minutes(1)).value_or(-1), 0) << python->LogTail();
  EXPECT_EQ(client().Totals().tips_accepted_count(), 1);
  EXPECT_EQ(client().Totals().tips_rejected_count(), 1);
}

}  // namespace
}  // namespace tipgate

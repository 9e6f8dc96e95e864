// A disk that fails once under the real server: it answers nothing more, ends with the status that
// docs/tipgate.md tells, and the next start has everything that was answered. More of that, in
// process: tests/damage.

#include <gmock/gmock.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/load_clients.h"

namespace tipgate {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr int kExitCannotOpen = 73;
constexpr int kExitIoError = 74;
// RocksDB, as Debian builds it, asserts that its first writes succeed.
constexpr int kAborted = 134;
constexpr absl::Duration kPatience = absl::Minutes(1);

struct DiskFaultKind {
  const char* name;
  const char* operation;
  int error;
  const char* advice;
};

class DiskFault : public GateTest, public testing::WithParamInterface<DiskFaultKind> {
 protected:
  // A gate that lives under load until the k-th operation since its start fails.
  void LiveUntil(int64_t k) {
    GateProcessOptions options = StartOptions();
    options.log_file = files().Join(absl::StrCat("faulty ", k, ".log"));
    options.environment = {absl::StrCat("LD_PRELOAD=", TIPGATE_PRELOAD_DISK),
                           absl::StrCat("TIPGATE_TEST_DISK_DIRECTORY=", files().data_dir()),
                           absl::StrCat("TIPGATE_TEST_DISK_FAULT=", GetParam().operation, " ", k,
                                        " ", GetParam().error),
                           "ASAN_OPTIONS=verify_asan_link_order=0"};
    const auto faulty = GateProcess::Launch(options);
    ASSERT_TRUE(faulty.ok()) << faulty.status();
    const bool has_started = (*faulty)->WaitReady().ok();
    if (has_started) {
      LoadClients clients((*faulty)->target(), /*seed=*/static_cast<unsigned>(k), round_++,
                          &books_);
      clients.AwaitEnd();
      EXPECT_EQ(clients.UnexplainedEnds(), std::vector<std::string>());
    }
    const int code = (*faulty)->WaitExit(kPatience).value_or(-1);
    if (has_started) {
      EXPECT_EQ(code, kExitIoError) << (*faulty)->LogTail();
    } else {
      EXPECT_THAT(code, AnyOf(kExitCannotOpen, kExitIoError, kAborted)) << (*faulty)->LogTail();
    }
    if (code == kAborted) return;
    EXPECT_THAT(ReadFile(options.log_file), HasSubstr(GetParam().advice));
  }

  TipBooks books_;
  int round_ = 0;
};

TEST_P(DiskFault, EndsTheGateWithItsStatusAndLosesNothing) {
  more_config_ = "checkpoint_interval: 50ms\n";
  StartGateWithSession();
  LoadClients::PutPayers(client());
  gate().Kill();
  for (const int64_t k : {1, 2, 3, 5, 8, 13, 21, 40, 90, 200, 500}) {
    SCOPED_TRACE(absl::StrCat(GetParam().operation, " ", k));
    ASSERT_NO_FATAL_FAILURE(LiveUntil(k));
    ASSERT_NO_FATAL_FAILURE(StartGate());
    books_.ReplayAll(client());
    books_.ExpectTotals(client().Totals());
    EXPECT_EQ(client().Verify().state_hash(), client().Info(true).state_hash());
    gate().Kill();
    if (HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, DiskFault,
                         testing::Values(DiskFaultKind{"Write", "write", EIO, "check the disk"},
                                         DiskFaultKind{"Sync", "sync", EIO, "check the disk"},
                                         DiskFaultKind{"NoSpace", "write", ENOSPC,
                                                       "free some space"}),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace tipgate

// What a start does in which order. Whole gates: tests/integration.

#include "server/gate.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config.h"
#include "server/exit_code.h"
#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

using testing::HasSubstr;

constexpr char kAnyPort[] = "127.0.0.1:0";

// A gate on a journal in memory.
class StartedGate {
 public:
  explicit StartedGate(const std::string& listen_address = kAnyPort,
                       const std::string& metrics_address = kAnyPort) {
    const std::string config_file =
        absl::StrCat(testing::TempDir(), "/gate_test.", getpid(), ".yaml");
    std::ofstream(config_file) << "data_dir: data\npolicy_file: policy.yaml\n"
                               << "gifts_file: gifts.yaml\nlisten_address: " << listen_address
                               << "\nmetrics_address: " << metrics_address << "\n";
    absl::StatusOr<v1::ServerConfig> config = LoadServerConfig(config_file);
    std::remove(config_file.c_str());
    const auto stop = [this](const absl::Status& status) { stop_status_ = status; };
    gate_ = *Gate::Recover(
        {.config = *std::move(config), .policy = SamplePolicy(), .catalog = SampleCatalog()},
        {.journal = &journal,
         .store = &store_,
         .clock = &clock_,
         .storage_health = [] { return StorageHealth(); },
         .spare_bytes = [] { return int64_t{1} << 60; }},
        stop);
  }

  Gate& gate() { return *gate_; }
  // What the gate was told to stop with.
  const absl::Status& stop_status() const { return stop_status_; }

  SharedJournal journal;

 private:
  SharedStateStore store_;
  ManualClock clock_;
  absl::Status stop_status_;
  std::unique_ptr<Gate> gate_;
};

TEST(Gate, AnAddressInUseIsFoundBeforeAnythingIsWritten) {
  StartedGate first;
  ASSERT_TRUE(first.gate().Listen().ok());
  StartedGate same_listen(first.gate().listen_address());
  StartedGate same_metrics(kAnyPort, first.gate().metrics_address());
  for (StartedGate* second : {&same_listen, &same_metrics}) {
    const absl::Status status = second->gate().Listen();
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), HasSubstr("127.0.0.1:"));
    EXPECT_EQ(second->journal.claims_count(), 0);
    EXPECT_EQ(second->journal.Head().sequence, 0);
  }
}

TEST(Gate, ListensBeforeItClaims) {
  StartedGate started;
  ASSERT_TRUE(started.gate().Listen().ok());
  EXPECT_EQ(started.journal.claims_count(), 0);
  ASSERT_TRUE(started.gate().Claim().ok());
  EXPECT_EQ(started.journal.claims_count(), 1);
  EXPECT_GT(started.journal.Head().sequence, 0);  // the policy is in force
  started.gate().Serve();
  started.gate().Drain();
  EXPECT_TRUE(started.stop_status().ok());
}

TEST(Gate, AFailedClaimStopsItLikeAFailedWrite) {
  StartedGate started;
  started.journal.FailClaims();
  ASSERT_TRUE(started.gate().Listen().ok());
  EXPECT_FALSE(started.gate().Claim().ok());
  EXPECT_TRUE(absl::IsUnavailable(started.stop_status())) << started.stop_status();
  EXPECT_EQ(ExitCodeOfStop(started.stop_status()), ExitCode::kIoError);
  EXPECT_EQ(ExitCodeOfStop(absl::DataLossError("")), ExitCode::kDamaged);
}

}  // namespace
}  // namespace tipgate

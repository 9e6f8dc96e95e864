// The simulation: two thousand lives of a gate whose disk, clock and clients misbehave.
// docs/testing.md says what that proves.
//
// TIPGATE_SIMULATION_SEED draws other ones.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "tests/simulation/world.h"

namespace tipgate::simulation {
namespace {

constexpr int64_t kSeeds = 2'000;
// Cases of ctest, so that cores share them.
constexpr int kSlices = 8;
constexpr int64_t kWishes = 100;

uint64_t FirstSeed() {
  uint64_t seed = 1;
  const char* const told = std::getenv("TIPGATE_SIMULATION_SEED");
  const bool is_number = told == nullptr || absl::SimpleAtoi(told, &seed);
  EXPECT_TRUE(is_number) << told;
  return seed;
}

// Each kind of wish that led to a record, of read that was compared, and what the gate does by
// itself.
constexpr const char* kMet[] = {
    "ApprovePolicy", "AuthorizeRecharge", "AuthorizeTip", "CaptureRecharge", "CaptureTip",
    "CloseSession", "CompleteConfirmation", "EmergencyStop", "FreezeIncome", "FreezePayer",
    "LiftSanction", "LiftStop", "OpenSession", "PausePayer", "ProposePolicy", "PutGifts",
    "PutPayer", "PutStreamer", "RefundRecharge", "RefundTip", "RefundTips", "ReleaseIncome",
    "SanctionStreamer", "SetManualDelay", "SetPreferences", "SetSelfLimits", "StartConfirmation",
    "StartCoolingOff", "UnfreezePayer", "VoidRecharge", "VoidTip", "WithdrawPolicy",
    // reads
    "CheckRecharge", "CheckTip", "GetAgency", "GetPayer", "GetServerInfo", "GetSession",
    "GetStreamer", "GetTip", "GetTip by key", "GetTip of an unknown tip", "ListStops", "ListTips",
    "ListTips, a later page",
    // what the gate does by itself
    "a frozen tip does not settle", "a hold expires", "a policy comes into force",
    "a recharge expires", "a settlement", "a step of an order", "the last step of an order",
    // why calls are refused
    "refused: clock", "refused: deadline", "refused: overloaded"};

class Simulation : public ::testing::TestWithParam<int> {};

TEST_P(Simulation, EveryPromiseIsKept) {
  std::map<std::string, int64_t> faults;
  std::map<std::string, int64_t> met;
  int64_t answers_count = 0;
  int64_t accepted_count = 0;
  int64_t rejected_count = 0;
  for (int64_t n = GetParam(); n < kSeeds; n += kSlices) {
    const uint64_t seed = FirstSeed() + static_cast<uint64_t>(n);
    const Report report = World(seed, kWishes).Run();
    ASSERT_EQ(report.fault, "") << "Rerun with: ./dev simulate --seed " << seed << " --requests "
                                << kWishes;
    for (const auto& [name, count] : report.faults) faults[name] += count;
    for (const auto& [name, count] : report.met) met[name] += count;
    answers_count += report.answers_count;
    accepted_count += report.accepted_count;
    rejected_count += report.rejected_count;
  }
  EXPECT_GT(answers_count, kSeeds / kSlices * kWishes);
  EXPECT_GT(accepted_count, kSeeds / kSlices * 5);
  EXPECT_GT(rejected_count, kSeeds / kSlices * 5);
  // Every fault must have struck, or its absence would prove nothing.
  for (const char* name :
       {"death after a checkpoint", "death after the sync", "death anywhere",
        "death before a checkpoint ends", "death before state is loaded", "death before the sync",
        "death before the write", "death in recovery", "clock change", "full disk", "power loss",
        "read error", "slow checkpoint", "slow sync", "slow write", "store read error",
        "store write error", "sync error", "write error"}) {
    EXPECT_GT(faults[name], 0) << name;
  }
  // So must everything that a gate does.
  for (const char* name : kMet) EXPECT_GT(met[name], 0) << name;
}

INSTANTIATE_TEST_SUITE_P(Slices, Simulation, ::testing::Range(0, kSlices));

// Too rare for each slice.
TEST(SimulationItself, ARareThingIsMetToo) {
  int64_t late_releases_count = 0;
  for (uint64_t seed = 1; seed <= 500 && late_releases_count == 0; ++seed) {
    late_releases_count = World(seed, kWishes).Run().met["a late release"];
  }
  EXPECT_GT(late_releases_count, 0);
}

TEST(SimulationItself, TheSameSeedLeadsToTheSameEnd) {
  const Report first = World(7, kWishes).Run();
  const Report second = World(7, kWishes).Run();
  EXPECT_EQ(first.hash, second.hash);
  EXPECT_EQ(first.steps_count, second.steps_count);
  EXPECT_EQ(first.faults, second.faults);
  EXPECT_NE(first.hash, World(8, kWishes).Run().hash);
}

}  // namespace
}  // namespace tipgate::simulation

// Damaged disks: a slice of what `./dev damage` does. docs/testing.md says what that proves.
//
// TIPGATE_DAMAGE_SEED draws other flips.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/numbers.h"
#include "tests/damage/cuts.h"
#include "tests/damage/disk_faults.h"
#include "tests/damage/flips.h"

namespace tipgate::damage {
namespace {

uint64_t Seed() {
  uint64_t seed = 1;
  const char* const told = std::getenv("TIPGATE_DAMAGE_SEED");
  const bool is_number = told == nullptr || absl::SimpleAtoi(told, &seed);
  EXPECT_TRUE(is_number) << told;
  return seed;
}

TEST(Damage, AFlippedBitIsNeverASilentLoss) {
  constexpr int kFlips = 200;
  SCOPED_TRACE(Seed());
  Flipper flipper(Seed());
  for (int i = 0; i < kFlips; ++i) EXPECT_EQ(flipper.Try(flipper.Draw()), "");
  for (const char* kind : {"log", "table", "MANIFEST", "CURRENT", "HEAD", "TAILS", "FORMAT"}) {
    EXPECT_GT(flipper.tallies().at(kind).cases_count, 0) << kind;
  }
  EXPECT_GT(flipper.tallies().at("table").found_by_read_count, 0);
  EXPECT_GT(flipper.tallies().at("log").refused_count, 0);
}

TEST(Damage, ALogThatIsCutShortKeepsWhatIsBeforeTheCut) {
  constexpr size_t kCutsPerTest = 16;
  Cutter cutter(Seed());
  const std::vector<int64_t> cuts = cutter.CutsAtBounds();
  ASSERT_GT(cuts.size(), 100U);
  for (size_t i = 0; i < cuts.size(); i += kCutsPerTest) {
    EXPECT_EQ(cutter.Try(cuts[i], /*has_mark=*/i % 4 == 0), "");
  }
  EXPECT_GT(cutter.tally().shorter_count, 0);
  EXPECT_GT(cutter.tally().refused_count, 0);
}

class DiskFault : public testing::TestWithParam<DiskOperation> {};

TEST_P(DiskFault, NothingIsAnsweredAfterItAndNothingThatWasAnsweredIsLost) {
  constexpr int64_t kFirst = 40;  // the first of all, at the start
  FaultTally tally;
  for (int64_t k = 1; k <= kFirst; ++k) EXPECT_EQ(TryDiskFault(GetParam(), k, &tally), "");
  for (int64_t k = kFirst; k <= 500; k += 23) EXPECT_EQ(TryDiskFault(GetParam(), k, &tally), "");
  EXPECT_EQ(tally.struck_count, tally.cases_count);
  EXPECT_GT(tally.exit_codes[73], 0);
  EXPECT_GT(tally.exit_codes[74], 0);
  for (const char* file : {".log", "MANIFEST"}) EXPECT_GT(tally.files[file], 0) << file;
}

INSTANTIATE_TEST_SUITE_P(Operations, DiskFault,
                         testing::Values(DiskOperation::kWrite, DiskOperation::kSync),
                         [](const auto& param_info) {
                           return param_info.param == DiskOperation::kWrite ? "Write" : "Sync";
                         });

TEST(Damage, AFullDiskLosesNothingAndItGoesOnWithRoom) {
  FaultTally tally;
  for (int64_t room = 5'000; room < 400'000; room += 26'339) {
    EXPECT_EQ(TryFullDisk(room, &tally), "");
  }
  EXPECT_EQ(tally.struck_count, tally.cases_count);
}

}  // namespace
}  // namespace tipgate::damage

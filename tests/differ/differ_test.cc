// The differential test: two million requests to the real core and to the oracle, which must agree
// on everything. docs/testing.md says what that proves.
//
// TIPGATE_DIFFER_SEED draws other ones.
#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "tests/differ/scenario.h"

namespace tipgate::differ {
namespace {

constexpr int64_t kRequests = 2'000'000;
// Cases of ctest, so that cores share them.
constexpr int kSlices = 16;

uint64_t Seed() {
  uint64_t seed = 20'260'413;
  const char* const told = std::getenv("TIPGATE_DIFFER_SEED");
  const bool is_number = told == nullptr || absl::SimpleAtoi(told, &seed);
  EXPECT_TRUE(is_number) << told;
  return seed;
}

// What a slice must have met, or its agreement would be worth little: rules and errors by the
// numbers of tests/oracle/codes.h.
void ExpectAllIsMet(const Tally& tally) {
  for (const int code : {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                         14, 15, 16, 17, 18, 19, 20, 31, 32, 33, 41, 42, 43}) {
    EXPECT_GT(tally.CountOf("code", code), 0) << code;
  }
  for (const int error : {1, 2, 3, 4, 5, 12}) {
    EXPECT_GT(tally.CountOf("error", error), 0) << error;
  }
  for (const int state : {1, 2, 3, 4, 6}) {
    EXPECT_GT(tally.CountOf("recharge state", state), 0) << state;
  }
  for (const int state : {2, 3, 4, 5, 6, 7}) {
    EXPECT_GT(tally.CountOf("tip state", state), 0) << state;
  }
  for (const int origin : {1, 2, 3, 4, 5, 6, 7})
    EXPECT_GT(tally.CountOf("origin", origin), 0) << origin;
  for (const int period : {1, 2}) {
    EXPECT_GT(tally.CountOf("reminder of period", period), 0) << period;
  }
  for (const int refusal : {0, 1, 2, 3, 4, 5}) {
    EXPECT_GT(tally.CountOf("refusal", refusal), 0) << refusal;
  }
  EXPECT_GT(tally.CountOf("balance", 0), 0);
  EXPECT_GT(tally.CountOf("reminders off", 0), 0);
  EXPECT_GT(tally.CountOf("refunded recharge", 0), 0);
  EXPECT_GT(tally.CountOf("receivable", 0), 0);
  EXPECT_GT(tally.CountOf("cooling-off", 0), 0);
  EXPECT_GT(tally.CountOf("lifted stop", 0), 0);
  EXPECT_GT(tally.CountOf("suspension for good", 0), 0);
  EXPECT_GT(tally.CountOf("waiting raise", 0), 0);
  EXPECT_GT(tally.CountOf("replay", 0), 0);
  EXPECT_GT(tally.CountOf("retry_time", 0), 0);
  // A fifth of what is decided is to pass: state must build up.
  EXPECT_GT(tally.CountOf("outcome", 1) * 4, tally.CountOf("outcome", 2));
}

class Differ : public ::testing::TestWithParam<int> {};

TEST_P(Differ, CoreAndOracleAgree) {
  const uint64_t seed = Seed();
  int64_t requests_count = 0;
  Tally tally;
  for (int64_t n = GetParam(); requests_count < kRequests / kSlices; n += kSlices) {
    Scenario scenario(ScenarioSeed(seed, n));
    const bool is_same = scenario.Run();
    requests_count += scenario.requests_count();
    tally.Add(scenario.tally());
    ASSERT_TRUE(is_same) << "Rerun with: ./dev oracle --scenario " << ScenarioSeed(seed, n)
                         << "\n(seed " << seed << ") " << scenario.Report();
  }
  ExpectAllIsMet(tally);
}

INSTANTIATE_TEST_SUITE_P(Slices, Differ, ::testing::Range(0, kSlices));

}  // namespace
}  // namespace tipgate::differ

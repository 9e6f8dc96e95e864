#include "server/policy_continuity.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/core_gate.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

constexpr char kExpectedDelay[] =
    "expected whole days, or a delay that this data directory has had: its policies may have 165 "
    "other ones";

// Where a file states the time zone, and each tier's delay on the line of its number.
YamlLocations Locations(const Policy& policy) {
  YamlLocations locations("policy.yaml");
  locations.Add("currency", {.line = 2, .column = 11});
  locations.Add("time_zone", {.line = 3, .column = 12});
  for (int i = 0; i < static_cast<int>(policy.tiers.size()); ++i) {
    locations.Add(absl::StrCat("tiers[", i, "].settle_delay"), {.line = i, .column = 19});
  }
  for (int i = 0; i < static_cast<int>(policy.settle_delays.size()); ++i) {
    locations.Add(absl::StrCat("settle_delays[", i, "].settle_delay"), {.line = i, .column = 5});
  }
  return locations;
}

std::string Misfit(const State& state, const Policy& policy) {
  const absl::Status status = CheckPolicyContinuity(state, policy, Locations(policy));
  if (status.ok()) return "";
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  return std::string(status.message());
}

State StateWith(const Policy& policy) {
  State state;
  state.policy = std::make_shared<const Policy>(policy);
  return state;
}

TEST(PolicyContinuity, TheFirstPolicyIsFree) { EXPECT_EQ(Misfit(State(), SamplePolicy()), ""); }

TEST(PolicyContinuity, AmountsMayChange) {
  Policy policy = SamplePolicy();
  policy.tip_max = Money(1);
  policy.tiers.pop_back();
  EXPECT_EQ(Misfit(StateWith(SamplePolicy()), policy), "");
}

TEST(PolicyContinuity, TheCurrencyStays) {
  Policy policy = SamplePolicy();
  policy.currency = "USD";
  EXPECT_EQ(Misfit(StateWith(SamplePolicy()), policy),
            "policy.yaml:2:11: currency: expected CNY, in which the amounts of this data directory "
            "are counted, found USD");
}

TEST(PolicyContinuity, TheTimeZoneStays) {
  Policy policy = SamplePolicy();
  policy.time_zone = "Asia/Tokyo";
  EXPECT_EQ(Misfit(StateWith(SamplePolicy()), policy),
            "policy.yaml:3:12: time_zone: expected Asia/Shanghai, in which the days of this data "
            "directory are counted, found Asia/Tokyo");
}

// A state that has settled tips of this many delays: 1 ms, 2 ms and so on.
State StateWithDelays(int count) {
  State state = StateWith(SamplePolicy());
  for (int i = 1; i <= count; ++i) state.totals.cursors.push_back({.delay_ms = i});
  return state;
}

TEST(PolicyContinuity, OneSettleDelayTooManyIsNamed) {
  Policy policy = SamplePolicy();
  policy.tiers.resize(2);
  policy.tiers[0].settle_delay_ms = 5;
  policy.tiers[1].settle_delay_ms = kHourMs;
  policy.settle_delays = {{Money(1), 6}, {Money(2), 2 * kHourMs}};
  EXPECT_EQ(Misfit(StateWithDelays(163), policy), "");
  EXPECT_EQ(Misfit(StateWithDelays(164), policy),
            absl::StrCat("policy.yaml:1:5: settle_delays[1].settle_delay: ", kExpectedDelay,
                         ", found 2h"));
  EXPECT_EQ(
      Misfit(StateWithDelays(165), policy),
      absl::StrCat("policy.yaml:1:19: tiers[1].settle_delay: ", kExpectedDelay, ", found 1h"));
}

TEST(PolicyContinuity, WholeDaysAndKnownDelaysAlwaysFit) {
  Policy policy = SamplePolicy();
  policy.tiers.resize(2);
  policy.tiers[0].settle_delay_ms = 200;
  policy.tiers[1].settle_delay_ms = 90 * kDayMs;
  policy.settle_delays = {{Money(1), 0}};
  EXPECT_EQ(Misfit(StateWithDelays(200), policy), "");
}

}  // namespace
}  // namespace tipgate

#include "server/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

// A valid policy; each refusal below changes one piece of it.
constexpr char kPolicy[] = R"(currency: CNY
time_zone: Asia/Shanghai
gift_price_max_minor: 300000
tip_max_minor: 500000
day_limit_minor: 2000000
month_limit_minor: 10000000
reminder_permille: [300, 500]
facts_max_age: 90d
tiers:
  - name: L1
    session_received_max_minor: 2000001
    session_duration_max: 4h
    sessions_per_day_max: 3
    session_interval: 30m
    settle_delay: 7d
  - name: L2
    session_received_max_minor: 2000002
    session_duration_max: 6h
    sessions_per_day_max: 4
    session_interval: 0s
    settle_delay: 0s
settle_delays:
  - min_amount_minor: 100000
    settle_delay: 8d
  - min_amount_minor: 100001
    settle_delay: 9d
recharge:
  single_max_minor: 500001
  day_limit_minor: 2000003
  month_limit_minor: 2000003
  hold_duration: 45m
)";

// A file of this test's own: tests may run side by side.
std::string TestPath() {
  const auto& test = *::testing::UnitTest::GetInstance()->current_test_info();
  return absl::StrCat(::testing::TempDir(), test.test_suite_name(), ".", test.name(), ".yaml");
}

absl::StatusOr<PolicyFile> LoadPolicyText(const std::string& text) {
  std::ofstream(TestPath()) << text;
  return LoadPolicy(TestPath());
}

absl::StatusOr<v1::GiftCatalog> LoadGiftsText(const std::string& text) {
  std::ofstream(TestPath()) << text;
  return LoadGifts(TestPath());
}

struct Change {
  const char* from;
  std::string to;
  const char* error;  // empty: accepted
};

void ExpectPolicyChange(const Change& change) {
  ASSERT_THAT(kPolicy, HasSubstr(change.from));
  const auto policy = LoadPolicyText(absl::StrReplaceAll(kPolicy, {{change.from, change.to}}));
  if (change.error[0] == '\0') {
    EXPECT_TRUE(policy.ok()) << policy.status();
    return;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(policy.status())) << change.from << " -> " << change.to;
  EXPECT_THAT(std::string(policy.status().message()),
              HasSubstr(absl::StrCat(TestPath(), change.error)));
}

TEST(PolicyFile, TheSampleLoads) {
  const auto policy = LoadPolicy(TIPGATE_SOURCE_DIR "/deploy/policy.yaml");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->policy.tip_max_minor(), 500'000);
  const auto gifts = LoadGifts(TIPGATE_SOURCE_DIR "/deploy/gifts.yaml");
  ASSERT_TRUE(gifts.ok()) << gifts.status();
  EXPECT_TRUE(
      std::any_of(gifts->gifts().begin(), gifts->gifts().end(), [&policy](const v1::Gift& gift) {
        return gift.unit_price_minor() > policy->policy.gift_price_max_minor();
      }));
}

TEST(PolicyFile, ValuesAtTheEdgesOfTheirRangesAreAccepted) {
  const Change cases[] = {
      {"currency: CNY", "currency: JPY", ""},
      {"Asia/Shanghai", "UTC", ""},
      {"Asia/Shanghai", "America/Argentina/Buenos_Aires", ""},
      {"tip_max_minor: 500000", "tip_max_minor: 1000000000000000", ""},
      {"month_limit_minor: 10000000", "month_limit_minor: 2000000", ""},
      {"[300, 500]", "[]", ""},
      {"[300, 500]", "[1, 2, 3, 4, 5, 6, 999, 1000]", ""},
      {"facts_max_age: 90d\n", "", ""},
      {"name: L1", "name: Top_1234", ""},
      {"session_duration_max: 4h", "session_duration_max: 1m", ""},
      {"session_duration_max: 4h", "session_duration_max: 48h", ""},
      {"session_interval: 30m", "session_interval: 24h", ""},
      {"settle_delay: 7d", "settle_delay: 90d", ""},
      {"settle_delay: 7d", "settle_delay: 1ms", ""},
      {"hold_duration: 45m", "hold_duration: 1s", ""},
      {"hold_duration: 45m", "hold_duration: 24h", ""},
  };
  for (const Change& change : cases) ExpectPolicyChange(change);
}

// The policy with these minors, at line 32.
absl::Status StatusWithMinors(const std::string& minors) {
  return LoadPolicyText(absl::StrCat(kPolicy, "minors: ", minors, "\n")).status();
}

// The policy with one more field.
absl::StatusOr<PolicyFile> LoadPolicyWith(const std::string& field) {
  return LoadPolicyText(absl::StrCat(kPolicy, field, "\n"));
}

TEST(PolicyFile, WhatHoldsPayersBackIsAcceptedAtTheEdges) {
  for (const std::string field :
       {"payer_tiers: []", "payer_tiers: [{name: P1, limits: {}}]",
        "payer_tiers: [{name: P1, limits: {tip_max_minor: 0}}, {name: P2, limits: "
        "{day_limit_minor: 1000000000000000, month_limit_minor: 1}}]",
        "confirmation: {}", "confirmation: {day_permille: 1}",
        "confirmation: {month_permille: 1000, loose_crossing: true}",
        "cooling_off: {single_min_minor: 1, duration: 1s}",
        "cooling_off: {window_sum_min_minor: 4294967295, window: 1h, duration: 24h}",
        "cooling_off: {window_count_min: 64, window: 1s, duration: 5m}", "self_limits: {}",
        "self_limits: {raise_delay: 1s}", "self_limits: {raise_delay: 90d}"}) {
    const auto policy = LoadPolicyWith(field);
    EXPECT_TRUE(policy.ok()) << policy.status();
  }
}

TEST(PolicyFile, WhatHoldsPayersBackIsCheckedFieldByField) {
  const std::pair<std::string, std::string> cases[] = {
      {"payer_tiers: [{name: P-1, limits: {}}]", "payer_tiers[0].name: expected 1 .. 8 letters"},
      {"payer_tiers: [{limits: {}}]", "payer_tiers[0].name: expected 1 .. 8 letters"},
      {"payer_tiers: [{name: P1}]", "payer_tiers[0].limits: expected the limits of the tier"},
      {"payer_tiers: [{name: P1, limits: {}}, {name: P1, limits: {}}]",
       "payer_tiers[1].name: expected a name of its own, found that of payer_tiers[0]"},
      {"payer_tiers: [{name: P1, limits: {tip_max_minor: -1}}]",
       "payer_tiers[0].limits.tip_max_minor: expected 0 .. 1000000000000000, found -1"},
      {"confirmation: {day_permille: 0}", "confirmation.day_permille: expected 1 .. 1000, found 0"},
      {"confirmation: {month_permille: 1001}", "confirmation.month_permille: expected 1 .. 1000"},
      {"cooling_off: {duration: 5m}", "cooling_off: expected at least one of"},
      {"cooling_off: {single_min_minor: 1}", "cooling_off.duration: expected 1s .. 1d"},
      {"cooling_off: {single_min_minor: 0, duration: 5m}",
       "cooling_off.single_min_minor: expected"},
      {"cooling_off: {single_min_minor: 1, duration: 999ms}", "cooling_off.duration: expected"},
      {"cooling_off: {single_min_minor: 1, duration: 25h}", "cooling_off.duration: expected"},
      {"cooling_off: {window_sum_min_minor: 4294967296, window: 1m, duration: 5m}",
       "cooling_off.window_sum_min_minor: expected 1 .. 4294967295, found 4294967296"},
      {"cooling_off: {window_count_min: 65, window: 1m, duration: 5m}",
       "cooling_off.window_count_min: expected 1 .. 64, found 65"},
      {"cooling_off: {window_count_min: 1, window: 61m, duration: 5m}",
       "cooling_off.window: expected 1s .. 1h"},
      {"cooling_off: {window_count_min: 1, duration: 5m}",
       "cooling_off.window: expected the window"},
      {"cooling_off: {single_min_minor: 1, window: 1m, duration: 5m}",
       "cooling_off.window: expected a window_sum_min_minor or window_count_min"},
      {"self_limits: {raise_delay: 0s}", "self_limits.raise_delay: expected 1s .. 90d, found 0s"},
  };
  for (const auto& [field, error] : cases) {
    const absl::Status status = LoadPolicyWith(field).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field;
    EXPECT_THAT(std::string(status.message()), HasSubstr(error)) << field;
  }
}

TEST(PolicyFile, WhatASanctionDoesIsCheckedAtTheEdges) {
  for (const std::string field :
       {"sanctions: {}", "sanctions: {mute_factor: 2}", "sanctions: {mute_factor: 3}",
        "sanctions: {recovery_months: 1}", "sanctions: {recovery_months: 12}"}) {
    const auto policy = LoadPolicyWith(field);
    EXPECT_TRUE(policy.ok()) << policy.status();
  }
  const std::pair<std::string, std::string> cases[] = {
      {"sanctions: {mute_factor: 1}", "sanctions.mute_factor: expected 2 .. 3, found 1"},
      {"sanctions: {mute_factor: 4}", "sanctions.mute_factor: expected 2 .. 3, found 4"},
      {"sanctions: {recovery_months: 0}", "sanctions.recovery_months: expected 1 .. 12, found 0"},
      {"sanctions: {recovery_months: 13}", "sanctions.recovery_months: expected 1 .. 12, found 13"},
  };
  for (const auto& [field, error] : cases) {
    const absl::Status status = LoadPolicyWith(field).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field;
    EXPECT_THAT(std::string(status.message()), HasSubstr(error)) << field;
  }
}

TEST(PolicyFile, WhatBecomesOfTipsIsCheckedAtTheEdges) {
  for (const std::string field :
       {"tips: {}", "tips: {hold_duration: 1s}", "tips: {hold_duration: 24h}",
        "tips: {remorse_window: 0s}", "tips: {remorse_window: 30d, keep_headroom_on_void: true}",
        "shares: {}", "shares: {streamer_permille: 1000}", "shares: {agency_permille: 1000}",
        "shares: {streamer_permille: 600, agency_permille: 400}",
        "cooling_off: {single_min_minor: 1, duration: 1s, hold: 1s}",
        "cooling_off: {single_min_minor: 1, duration: 1s, hold: 24h}"}) {
    const auto policy = LoadPolicyWith(field);
    EXPECT_TRUE(policy.ok()) << policy.status();
  }
  const std::pair<std::string, std::string> cases[] = {
      {"tips: {hold_duration: 999ms}", "tips.hold_duration: expected 1s .. 1d, found 999ms"},
      {"tips: {hold_duration: 25h}", "tips.hold_duration: expected 1s .. 1d, found 1d1h"},
      {"tips: {remorse_window: 31d}", "tips.remorse_window: expected 0s .. 30d, found 31d"},
      {"shares: {streamer_permille: -1}", "shares.streamer_permille: expected 0 .. 1000, found -1"},
      {"shares: {agency_permille: 1001}", "shares.agency_permille: expected 0 .. 1000, found 1001"},
      {"shares: {streamer_permille: 600, agency_permille: 401}",
       "shares.agency_permille: expected at most what streamer_permille leaves of 1000, 400, found "
       "401"},
      {"cooling_off: {single_min_minor: 1, duration: 1s, hold: 999ms}",
       "cooling_off.hold: expected 1s .. 1d, found 999ms"},
      {"cooling_off: {single_min_minor: 1, duration: 1s, hold: 25h}",
       "cooling_off.hold: expected 1s .. 1d, found 1d1h"},
  };
  for (const auto& [field, error] : cases) {
    const absl::Status status = LoadPolicyWith(field).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field;
    EXPECT_THAT(std::string(status.message()), HasSubstr(error)) << field;
  }
}

TEST(PolicyFile, TheWalletIsExternalOrManaged) {
  for (const std::string field : {"wallet: external", "wallet: managed"}) {
    const auto policy = LoadPolicyWith(field);
    EXPECT_TRUE(policy.ok()) << policy.status();
  }
  for (const std::string field : {"wallet: gold", "wallet: 7", "wallet: true"}) {
    const absl::Status status = LoadPolicyWith(field).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field;
    EXPECT_THAT(std::string(status.message()), HasSubstr("wallet")) << field;
  }
}

TEST(PolicyFile, ATipIsHeldForThirtySecondsIfNothingIsSaid) {
  for (const std::string& text : {std::string(kPolicy), absl::StrCat(kPolicy, "tips: {}\n")}) {
    const auto policy = LoadPolicyText(text);
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_EQ(policy->policy.tips().hold_duration().seconds(), 30);
    EXPECT_EQ(policy->policy.tips().remorse_window().seconds(), 0);
    EXPECT_FALSE(policy->policy.has_shares());
  }
}

TEST(PolicyFile, AMuteCountsTwiceAndRecoveryTakesThreeMonthsIfNothingIsSaid) {
  for (const std::string& text : {std::string(kPolicy), absl::StrCat(kPolicy, "sanctions: {}\n")}) {
    const auto policy = LoadPolicyText(text);
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_EQ(policy->policy.sanctions().mute_factor(), 2);
    EXPECT_EQ(policy->policy.sanctions().recovery_months(), 3);
  }
}

TEST(PolicyFile, ARaiseWaitsADayIfNothingIsSaid) {
  for (const std::string& text :
       {std::string(kPolicy), absl::StrCat(kPolicy, "self_limits: {}\n")}) {
    const auto policy = LoadPolicyText(text);
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_EQ(policy->policy.self_limits().raise_delay().seconds(), 86'400);
  }
}

constexpr char kBothBands[] =
    "age_8_to_15: {single_max_minor: 1, day_limit_minor: 1}, "
    "age_16_to_17: {single_max_minor: 1, day_limit_minor: 1000000000000000}";

TEST(PolicyFile, MinorsHaveOneOfTwoProfiles) {
  EXPECT_TRUE(StatusWithMinors("{profile: strict}").ok());
  EXPECT_TRUE(StatusWithMinors(absl::StrCat("{profile: tiered_2026, ", kBothBands, "}")).ok());
}

TEST(PolicyFile, OlderMinorsMayNotPayLessThanYoungerOnes) {
  const auto status = [](const std::string& older) {
    return StatusWithMinors(absl::StrCat("{profile: tiered_2026, age_8_to_15: {single_max_minor: ",
                                         "10, day_limit_minor: 30}, age_16_to_17: {", older, "}}"));
  };
  EXPECT_TRUE(status("single_max_minor: 10, day_limit_minor: 30").ok());
  EXPECT_THAT(std::string(status("single_max_minor: 9, day_limit_minor: 30").message()),
              HasSubstr("minors.age_16_to_17.single_max_minor: expected at least that of "
                        "age_8_to_15, 10, found 9"));
  EXPECT_THAT(std::string(status("single_max_minor: 10, day_limit_minor: 29").message()),
              HasSubstr("minors.age_16_to_17.day_limit_minor: expected at least that of "
                        "age_8_to_15, 30, found 29"));
}

TEST(PolicyFile, WrongMinorsAreRefused) {
  const std::pair<std::string, std::string> cases[] = {
      {"{}", "minors.profile: expected strict or tiered_2026"},
      {"{profile: none}", "minors.profile: expected the name of a value of MinorProfile"},
      {absl::StrCat("{", kBothBands, "}"), "minors.profile: expected strict or tiered_2026"},
      {absl::StrCat("{profile: strict, ", kBothBands, "}"), "minors: expected no limits"},
      {"{profile: tiered_2026}",
       "minors.age_8_to_15.single_max_minor: expected 1 .. 1000000000000000, found nothing"},
      {"{profile: tiered_2026, age_8_to_15: {single_max_minor: 1, day_limit_minor: 1}}",
       "minors.age_16_to_17.single_max_minor: expected 1 .. 1000000000000000, found nothing"},
      {absl::StrReplaceAll(absl::StrCat("{profile: tiered_2026, ", kBothBands, "}"),
                           {{"single_max_minor: 1,", "single_max_minor: 0,"}}),
       "minors.age_8_to_15.single_max_minor: expected"},
      {absl::StrReplaceAll(absl::StrCat("{profile: tiered_2026, ", kBothBands, "}"),
                           {{"1000000000000000", "1000000000000001"}}),
       "minors.age_16_to_17.day_limit_minor: expected"},
  };
  for (const auto& [minors, error] : cases) {
    const absl::Status status = StatusWithMinors(minors);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << minors;
    EXPECT_THAT(std::string(status.message()), HasSubstr(error)) << minors;
    EXPECT_THAT(std::string(status.message()), HasSubstr(":32:")) << minors;
  }
}

TEST(PolicyFile, WrongAmountsAndNamesAreRefused) {
  const Change cases[] = {
      {"currency: CNY", "currency: cny",
       ":1:11: currency: expected 3 capital letters, such as CNY, found \"cny\""},
      {"currency: CNY", "currency: CNYX", ":1:11: currency: expected 3 capital letters"},
      {"currency: CNY", "currency: ''", ":1:11: currency: expected 3 capital letters"},
      {"currency: CNY", "currency: 元", ":1:11: currency: expected 3 capital letters"},
      {"currency: CNY\n", "",
       ":1:1: currency: expected 3 capital letters, such as CNY, found nothing"},
      {"Asia/Shanghai", "Asia/Nowhere", ":2:12: time_zone: expected the IANA name of a time zone"},
      {"Asia/Shanghai", "localtime", ":2:12: time_zone: expected the IANA name"},
      {"Asia/Shanghai", "/etc/localtime", ":2:12: time_zone: expected the IANA name"},
      {"Asia/Shanghai", "../zoneinfo/UTC", ":2:12: time_zone: expected the IANA name"},
      {"Asia/Shanghai", "Fixed/UTC+08:00:00", ":2:12: time_zone: expected the IANA name"},
      {"Asia/Shanghai", "Asia", ":2:12: time_zone: expected the IANA name"},
      {"Asia/Shanghai", "''", ":2:12: time_zone: expected the IANA name"},
      {"time_zone: Asia/Shanghai\n", "", ":1:1: time_zone: expected the IANA name"},
      {"gift_price_max_minor: 300000", "gift_price_max_minor: 0",
       ":3:23: gift_price_max_minor: expected 1 .. 1000000000000000, found 0"},
      {"gift_price_max_minor: 300000\n", "",
       ":1:1: gift_price_max_minor: expected 1 .. 1000000000000000, found nothing"},
      {"tip_max_minor: 500000", "tip_max_minor: -1",
       ":4:16: tip_max_minor: expected 1 .. 1000000000000000, found -1"},
      {"tip_max_minor: 500000", "tip_max_minor: 1000000000000001",
       ":4:16: tip_max_minor: expected 1 .. 1000000000000000, found 1000000000000001"},
      {"tip_max_minor: 500000\n", "",
       ":1:1: tip_max_minor: expected 1 .. 1000000000000000, found nothing"},
      {"day_limit_minor: 2000000\n", "day_limit_minor: 0\n",
       ":5:18: day_limit_minor: expected 1 .. 1000000000000000, found 0"},
      {"month_limit_minor: 10000000", "month_limit_minor: 1999999",
       ":6:20: month_limit_minor: expected at least day_limit_minor, 2000000, found 1999999"},
      {"month_limit_minor: 10000000\n", "",
       ":1:1: month_limit_minor: expected 1 .. 1000000000000000, found nothing"},
      {"facts_max_age: 90d", "facts_max_age: 0s",
       ":8:16: facts_max_age: expected 1s .. 36500d, found 0s"},
      {"facts_max_age: 90d", "facts_max_age: 36501d",
       ":8:16: facts_max_age: expected 1s .. 36500d"},
      {"[300, 500]", "[0, 500]", ":7:21: reminder_permille[0]: expected 1 .. 1000, found 0"},
      {"[300, 500]", "[300, 1001]", ":7:26: reminder_permille[1]: expected 1 .. 1000, found 1001"},
      {"[300, 500]", "[500, 500]",
       ":7:26: reminder_permille[1]: expected more than the 500 before it, found 500"},
      {"[300, 500]", "[500, 300]",
       ":7:26: reminder_permille[1]: expected more than the 500 before it, found 300"},
      {"[300, 500]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]",
       ":7:20: reminder_permille: expected 0 .. 8 entries, found 9"},
  };
  for (const Change& change : cases) ExpectPolicyChange(change);
}

TEST(PolicyFile, WrongTiersAreRefused) {
  std::string many = "tiers:\n";
  for (int i = 0; i < 65; ++i) absl::StrAppend(&many, "  - {name: T", i, "}\n");
  const Change cases[] = {
      {"tiers:\n", absl::StrCat(many, "#\n"), ":10:3: tiers: expected 1 .. 64 entries, found 67"},
      {"name: L1", "name: L-1",
       ":10:11: tiers[0].name: expected 1 .. 8 letters, digits or underscores, found \"L-1\""},
      {"name: L1", "name: ABCDEFGHI", ":10:11: tiers[0].name: expected 1 .. 8 letters"},
      {"name: L1", "name: ''", ":10:11: tiers[0].name: expected 1 .. 8 letters"},
      {"name: L1", "name: 新人", ":10:11: tiers[0].name: expected 1 .. 8 letters"},
      {"name: L1\n    ", "",
       ":10:5: tiers[0].name: expected 1 .. 8 letters, digits or underscores, found nothing"},
      {"name: L2", "name: L1",
       ":16:11: tiers[1].name: expected a name of its own, found that of tiers[0]"},
      {"max_minor: 2000002", "max_minor: 0",
       ":17:33: tiers[1].session_received_max_minor: expected 1 .. 1000000000000000, found 0"},
      {"    session_received_max_minor: 2000002\n", "",
       ":16:5: tiers[1].session_received_max_minor: expected 1 .. 1000000000000000, found nothing"},
      {"session_duration_max: 4h", "session_duration_max: 59s",
       ":12:27: tiers[0].session_duration_max: expected 1m .. 2d, found 59s"},
      {"session_duration_max: 4h", "session_duration_max: 48h1ms",
       ":12:27: tiers[0].session_duration_max: expected 1m .. 2d, found 2d1ms"},
      {"    session_duration_max: 4h\n", "",
       ":10:5: tiers[0].session_duration_max: expected 1m .. 2d, found nothing"},
      {"sessions_per_day_max: 3", "sessions_per_day_max: 0",
       ":13:27: tiers[0].sessions_per_day_max: expected 1 .. 1000, found 0"},
      {"sessions_per_day_max: 3", "sessions_per_day_max: 1001",
       ":13:27: tiers[0].sessions_per_day_max: expected 1 .. 1000"},
      {"session_interval: 30m", "session_interval: 24h1ms",
       ":14:23: tiers[0].session_interval: expected 0s .. 1d, found 1d1ms"},
      {"    session_interval: 30m\n", "",
       ":10:5: tiers[0].session_interval: expected 0s .. 1d, found nothing"},
      {"settle_delay: 7d", "settle_delay: 90d1ms",
       ":15:19: tiers[0].settle_delay: expected 0s .. 90d, found 90d1ms"},
      {"settle_delay: 7d", "settle_delay: 1500us",
       ":15:19: tiers[0].settle_delay: expected a duration"},
      {"    settle_delay: 7d\n", "",
       ":10:5: tiers[0].settle_delay: expected 0s .. 90d, found nothing"},
  };
  for (const Change& change : cases) ExpectPolicyChange(change);
}

TEST(PolicyFile, WrongSettleDelaysAndRechargesAreRefused) {
  std::string many = "settle_delays:\n";
  for (int i = 1; i < 8; ++i)
    absl::StrAppend(&many, "  - {min_amount_minor: ", i, ", settle_delay: 1d}\n");
  const Change cases[] = {
      {"settle_delays:\n", many, ":23:3: settle_delays: expected 0 .. 8 entries, found 9"},
      {"minor: 100000\n", "minor: 0\n",
       ":23:23: settle_delays[0].min_amount_minor: expected 1 .. 1000000000000000, found 0"},
      {"minor: 100001\n", "minor: 100000\n",
       ":25:23: settle_delays[1].min_amount_minor: expected more than the 100000 before it, found "
       "100000"},
      {"minor: 100001\n", "minor: 99999\n",
       ":25:23: settle_delays[1].min_amount_minor: expected more than"},
      {"settle_delay: 9d", "settle_delay: 91d",
       ":26:19: settle_delays[1].settle_delay: expected 0s .. 90d, found 91d"},
      {"    settle_delay: 9d\n", "",
       ":25:5: settle_delays[1].settle_delay: expected 0s .. 90d, found nothing"},
      {"recharge:\n", "#\n", ":28:"},
      {"single_max_minor: 500001", "single_max_minor: 0",
       ":28:21: recharge.single_max_minor: expected 1 .. 1000000000000000, found 0"},
      {"  day_limit_minor: 2000003\n", "",
       ":28:3: recharge.day_limit_minor: expected 1 .. 1000000000000000, found nothing"},
      {"month_limit_minor: 2000003", "month_limit_minor: 2000002",
       ":30:22: recharge.month_limit_minor: expected at least day_limit_minor, 2000003, found "
       "2000002"},
      {"hold_duration: 45m", "hold_duration: 999ms",
       ":31:18: recharge.hold_duration: expected 1s .. 1d, found 999ms"},
      {"hold_duration: 45m", "hold_duration: 24h1ms",
       ":31:18: recharge.hold_duration: expected 1s .. 1d"},
  };
  for (const Change& change : cases) ExpectPolicyChange(change);
}

TEST(PolicyFile, WrongPartsLeftOutAreRefused) {
  const std::string text = kPolicy;
  const auto no_recharge = LoadPolicyText(text.substr(0, text.find("recharge:")));
  EXPECT_EQ(
      no_recharge.status().message(),
      absl::StrCat(TestPath(), ":1:1: recharge: expected the limits of recharges, found nothing"));
  const size_t tiers = text.find("tiers:");
  const auto no_tiers =
      LoadPolicyText(text.substr(0, tiers) + text.substr(text.find("settle_delays:")));
  EXPECT_EQ(no_tiers.status().message(),
            absl::StrCat(TestPath(), ":1:1: tiers: expected 1 .. 64 entries, found 0"));
}

TEST(GiftFile, GiftsAtTheEdgesOfTheirRangesAreAccepted) {
  const auto gifts = LoadGiftsText(absl::StrCat(
      "gifts:\n  - {gift_id: 1, unit_price_minor: 1}\n  - {gift_id: 9223372036854775807, name: ",
      std::string(64, 'n'),
      ", unit_price_minor: 10000000000, is_disabled: true, random_reward: false}\n"));
  ASSERT_TRUE(gifts.ok()) << gifts.status();
  EXPECT_EQ(gifts->gifts_size(), 2);
}

TEST(GiftFile, TenThousandGiftsAreTheMost) {
  std::string text = "gifts:\n";
  for (int i = 1; i <= 10'000; ++i)
    absl::StrAppend(&text, "- {gift_id: ", i, ", unit_price_minor: 1}\n");
  EXPECT_TRUE(LoadGiftsText(text).ok());
  text += "- {gift_id: 10001, unit_price_minor: 1}\n";
  EXPECT_EQ(LoadGiftsText(text).status().message(),
            absl::StrCat(TestPath(), ":2:1: gifts: expected 1 .. 10000 entries, found 10001"));
}

TEST(GiftFile, WrongGiftsAreRefused) {
  const std::pair<std::string, const char*> refusals[] = {
      {"{}", ":1:1: gifts: expected 1 .. 10000 entries, found 0"},
      {"gifts: []", ":1:8: gifts: expected 1 .. 10000 entries, found 0"},
      {"gifts:\n- {unit_price_minor: 1}",
       ":2:3: gifts[0].gift_id: expected 1 or more, found nothing"},
      {"gifts:\n- {gift_id: 0, unit_price_minor: 1}",
       ":2:13: gifts[0].gift_id: expected 1 or more, found 0"},
      {"gifts:\n- {gift_id: -5, unit_price_minor: 1}",
       ":2:13: gifts[0].gift_id: expected 1 or more, found -5"},
      {"gifts:\n- {gift_id: 1}",
       ":2:3: gifts[0].unit_price_minor: expected 1 .. 10000000000, found nothing"},
      {"gifts:\n- {gift_id: 1, unit_price_minor: 0}",
       ":2:34: gifts[0].unit_price_minor: expected 1 .. 10000000000"},
      {"gifts:\n- {gift_id: 1, unit_price_minor: 10000000001}",
       ":2:34: gifts[0].unit_price_minor: expected 1 .. 10000000000, found 10000000001"},
      {"gifts:\n- {gift_id: 1, unit_price_minor: 1.5}",
       ":2:34: gifts[0].unit_price_minor: expected an integer"},
      {"gifts:\n- {gift_id: 1, unit_price_minor: 1, random_reward: true}",
       ":2:52: gifts[0].random_reward: expected false: a gift whose value is drawn by lot is "
       "gambling in disguise"},
      {"gifts:\n- {gift_id: 7, unit_price_minor: 1}\n- {gift_id: 7, unit_price_minor: 2}",
       ":3:13: gifts[1].gift_id: expected an id of its own, found that of gifts[0]"},
      {absl::StrCat("gifts:\n- {gift_id: 1, unit_price_minor: 1, name: ", std::string(65, 'n'),
                    "}"),
       ":2:43: gifts[0].name: expected 0 .. 64 bytes, found 65"},
      {"gifts:\n- {gift_id: 1, unit_price_minor: 1, name: 520}",
       ":2:43: gifts[0].name: expected text"},
      {"gifts:\n- {gift_id: 1, price: 1}", ":2:16: gifts[0]: expected a field of Gift"},
  };
  for (const auto& [text, error] : refusals) {
    const auto gifts = LoadGiftsText(text);
    EXPECT_TRUE(absl::IsInvalidArgument(gifts.status())) << text;
    EXPECT_THAT(std::string(gifts.status().message()), HasSubstr(absl::StrCat(TestPath(), error)))
        << text;
  }
}

TEST(PolicyFile, FilesThatCannotBeReadAreNamed) {
  EXPECT_THAT(std::string(LoadPolicy("/does/not/exist.yaml").status().message()),
              HasSubstr("/does/not/exist.yaml"));
  EXPECT_THAT(std::string(LoadGifts("/does/not/exist.yaml").status().message()),
              HasSubstr("/does/not/exist.yaml"));
}

}  // namespace
}  // namespace tipgate

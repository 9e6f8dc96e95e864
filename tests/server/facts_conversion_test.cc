#include "server/facts_conversion.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/conversion_faults.h"

namespace tipgate {
namespace {

TEST(FactsConversion, LimitsAmongTheFactsAreCheckedFieldByField) {
  const Case cases[] = {
      {"facts { tier: 'P1' }", ""},
      {"facts { tier: 'P-1' }",
       "facts.tier: must be 1 .. 8 letters, digits or underscores, or left out"},
      {"facts { guardian_limits { tip_max_minor: 0 } }", ""},
      {"facts { guardian_limits { tip_max_minor: -1 } }",
       "facts.guardian_limits.tip_max_minor: must be 0 .. 1000000000000000, was -1"},
      {"facts { risk_limits { day_limit_minor: 1000000000000000 } }", ""},
      {"facts { risk_limits { month_limit_minor: 1000000000000001 } }",
       "facts.risk_limits.month_limit_minor: must be 0 .. 1000000000000000, was 1000000000000001"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::PutPayerRequest, PayerRecord>(
                  "idempotency_key: 'k' payer_id: 1 facts {}", c.change)),
              c.fault)
        << c.change;
  }
  PayerRecord record;
  EXPECT_FALSE(Convert(Parse<v1::PutPayerRequest>(R"pb(
                         idempotency_key: "k"
                         payer_id: 1
                         facts {
                           tier: "P1"
                           guardian_limits { tip_max_minor: 0 }
                           risk_limits { month_limit_minor: 7 }
                         }
                       )pb"),
                       &record));
  EXPECT_EQ(record.tier.view(), "P1");
  EXPECT_EQ(record.guardian, (PayerLimits{.tip_max = Money(0)}));
  EXPECT_EQ(record.risk, (PayerLimits{.month_limit = Money(7)}));
}

// Facts that payers and streamers have in common.
const Case kFactsCases[] = {
    {"facts { real_name_verified: true }",
     "facts.age: birth_date or age_band must be set if real_name_verified"},
    {"facts { real_name_verified: true age_band: AGE_BAND_UNSPECIFIED }",
     "facts.age_band: must be specified if real_name_verified"},
    {"facts { real_name_verified: true age_band: AGE_BAND_ADULT }", ""},
    {"facts { age_band: AGE_BAND_UNSPECIFIED }", ""},
    {"facts { age_band: 5 }", "facts.age_band: must be a known age band"},
    {"facts { age_band: -1 }", "facts.age_band: must be a known age band"},
    {"facts { birth_date { year: 2000 month: 2 day: 29 } }", ""},
    {"facts { birth_date { year: 2001 month: 2 day: 29 } }",
     "facts.birth_date.day: must be a day that the month has"},
    {"facts { birth_date { year: 1899 month: 1 day: 1 } }",
     "facts.birth_date.year: must be 1900 .. 9999, was 1899"},
    {"facts { birth_date { year: 67536 month: 1 day: 1 } }",
     "facts.birth_date.year: must be 1900 .. 9999, was 67536"},
    {"facts { birth_date { year: 2000 month: 13 day: 1 } }",
     "facts.birth_date.month: must be 1 .. 12, was 13"},
    {"facts { birth_date { year: 2000 month: 1 } }",
     "facts.birth_date.day: must be 1 .. 31, was 0"},
    {"facts { source: '12345678901234567890123456789012' }", ""},
    {"facts { source: '123456789012345678901234567890123' }",
     "facts.source: must be 0 .. 32 bytes, was 33"},
    {"facts { observe_time { nanos: -1 } }", absl::StrCat("facts.observe_time", kTimeExpected)},
};

TEST(FactsConversion, PayersAreCheckedFieldByField) {
  constexpr char kBase[] = "idempotency_key: 'k' payer_id: 1 facts {}";
  for (const Case& c : kFactsCases) {
    EXPECT_EQ((FaultOf<v1::PutPayerRequest, PayerRecord>(kBase, c.change)), c.fault) << c.change;
  }
  EXPECT_EQ((FaultOf<v1::PutPayerRequest, PayerRecord>(kBase, "payer_id: 0")),
            "payer_id: must be at least 1, was 0");
  EXPECT_EQ((FaultOf<v1::PutPayerRequest, PayerRecord>(kBase, "idempotency_key: ''")),
            "idempotency_key: must be 1 .. 64 bytes, was 0");
  EXPECT_EQ((FaultOf<v1::PutPayerRequest, PayerRecord>("idempotency_key: 'k' payer_id: 1", "")),
            "facts: must be set");
}

TEST(FactsConversion, StreamersAreCheckedFieldByField) {
  constexpr char kBase[] = "idempotency_key: 'k' streamer_id: 1 facts { tier: 'L1' }";
  constexpr char kTierExpected[] = "facts.tier: must be 1 .. 8 letters, digits or underscores";
  const auto fault = [&](const std::string& change) {
    return FaultOf<v1::PutStreamerRequest, StreamerRecord>(kBase, change);
  };
  for (const Case& c : kFactsCases) EXPECT_EQ(fault(c.change), c.fault) << c.change;
  const Case cases[] = {
      {"streamer_id: 0", "streamer_id: must be at least 1, was 0"},
      {"idempotency_key: ''", "idempotency_key: must be 1 .. 64 bytes, was 0"},
      {"facts { tier: '' }", kTierExpected},
      {"facts { tier: 'gold_123' }", ""},
      {"facts { tier: 'gold_1234' }", kTierExpected},
      {"facts { tier: 'go ld' }", kTierExpected},
      {"facts { agency_id: -1 }", "facts.agency_id: must be at least 0, was -1"},
      {"facts { agency_id: 5 }", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(fault(c.change), c.fault) << c.change;
}

TEST(FactsConversion, EveryFactOfAStreamerArrives) {
  StreamerRecord record;
  const auto message = Parse<v1::PutStreamerRequest>(R"pb(
    idempotency_key: "k"
    streamer_id: 1
    facts {
      real_name_verified: true
      birth_date { year: 2009 month: 8 day: 7 }
      guardian_consent: true
      tier: "L2"
      agency_id: 6
      source: "idp"
      observe_time { seconds: 5 }
    }
  )pb");
  EXPECT_FALSE(Convert(message, &record).has_value());
  EXPECT_EQ(record.streamer, StreamerId(1));
  EXPECT_TRUE(record.is_verified);
  EXPECT_EQ(record.age.birth_date, (CivilDate{.year = 2009, .month = 8, .day = 7}));
  EXPECT_TRUE(record.has_guardian_consent);
  EXPECT_EQ(record.tier.view(), "L2");
  EXPECT_EQ(record.agency, AgencyId(6));
  EXPECT_EQ(record.source.view(), "idp");
  EXPECT_EQ(record.requested_observe_time_ms, 5000);
}

}  // namespace
}  // namespace tipgate

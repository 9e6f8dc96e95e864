#include "server/policy_conversion.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace tipgate {
namespace {

constexpr char kPolicy[] = R"pb(
  currency: "CNY"
  time_zone: "Asia/Shanghai"
  gift_price_max_minor: 1
  tip_max_minor: 2
  day_limit_minor: 3
  month_limit_minor: 4
  reminder_permille: [ 300, 500 ]
  facts_max_age { seconds: 5 nanos: 6000000 }
  tiers {
    name: "L1"
    session_received_max_minor: 7
    session_duration_max { seconds: 8 }
    sessions_per_day_max: 9
    session_interval { seconds: 10 }
    settle_delay { seconds: 11 }
  }
  settle_delays {
    min_amount_minor: 12
    settle_delay { seconds: 13 }
  }
  recharge {
    single_max_minor: 14
    day_limit_minor: 15
    month_limit_minor: 16
    hold_duration { seconds: 17 }
  }
  minors {
    profile: MINOR_PROFILE_TIERED_2026
    age_8_to_15 { single_max_minor: 21 day_limit_minor: 22 }
    age_16_to_17 { single_max_minor: 23 day_limit_minor: 24 }
  }
  payer_tiers {
    name: "P1"
    limits { tip_max_minor: 0 month_limit_minor: 31 }
  }
  confirmation { day_permille: 32 month_permille: 33 }
  cooling_off {
    single_min_minor: 34
    window_sum_min_minor: 35
    window_count_min: 36
    window { seconds: 37 }
    duration { seconds: 38 }
    hold { seconds: 42 }
  }
  self_limits { raise_delay { seconds: 39 } }
  sanctions { mute_factor: 40 recovery_months: 41 }
  tips {
    hold_duration { seconds: 43 }
    remorse_window { seconds: 44 }
    keep_headroom_on_void: true
  }
  shares { streamer_permille: 45 agency_permille: 46 }
  tier_change_at_once: true
  wallet: WALLET_MODE_MANAGED
)pb";

constexpr char kCatalog[] = R"pb(
  gifts { gift_id: 1 name: "rose" unit_price_minor: 100 }
  gifts { gift_id: 2 unit_price_minor: 200 is_disabled: true }
)pb";

template <typename MessageType>
MessageType Parse(const std::string& text) {
  MessageType message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

TEST(PolicyConversion, EveryFieldOfAPolicyArrives) {
  const Policy policy = ToPolicy(Parse<v1::TippingPolicy>(kPolicy));
  EXPECT_EQ(policy.version, 0);
  EXPECT_EQ(policy.currency, "CNY");
  EXPECT_EQ(policy.time_zone, "Asia/Shanghai");
  EXPECT_EQ(policy.gift_price_max, Money(1));
  EXPECT_EQ(policy.tip_max, Money(2));
  EXPECT_EQ(policy.day_limit, Money(3));
  EXPECT_EQ(policy.month_limit, Money(4));
  EXPECT_EQ(policy.reminder_permille, std::vector<int32_t>({300, 500}));
  EXPECT_EQ(policy.facts_max_age_ms, 5006);
  ASSERT_EQ(policy.tiers.size(), 1u);
  EXPECT_EQ(policy.tiers[0].name.view(), "L1");
  EXPECT_EQ(policy.tiers[0].session_received_max, Money(7));
  EXPECT_EQ(policy.tiers[0].session_duration_max_ms, 8000);
  EXPECT_EQ(policy.tiers[0].sessions_per_day_max, 9);
  EXPECT_EQ(policy.tiers[0].session_interval_ms, 10'000);
  EXPECT_EQ(policy.tiers[0].settle_delay_ms, 11'000);
  ASSERT_EQ(policy.settle_delays.size(), 1u);
  EXPECT_EQ(policy.settle_delays[0].min_amount, Money(12));
  EXPECT_EQ(policy.settle_delays[0].settle_delay_ms, 13'000);
  EXPECT_TRUE(policy.tier_change_at_once);
  EXPECT_TRUE(policy.keeps_balances());
  EXPECT_EQ(policy.recharge_single_max, Money(14));
  EXPECT_EQ(policy.recharge_day_limit, Money(15));
  EXPECT_EQ(policy.recharge_month_limit, Money(16));
  EXPECT_EQ(policy.recharge_hold_ms, 17'000);
  ASSERT_EQ(policy.payer_tiers.size(), 1u);
  EXPECT_EQ(policy.payer_tiers[0].name.view(), "P1");
  EXPECT_EQ(policy.payer_tiers[0].limits.tip_max, Money(0));
  EXPECT_EQ(policy.payer_tiers[0].limits.day_limit, kNoLimit);
  EXPECT_EQ(policy.payer_tiers[0].limits.month_limit, Money(31));
  EXPECT_EQ(policy.confirmation.day_permille, 32);
  EXPECT_EQ(policy.confirmation.month_permille, 33);
  EXPECT_TRUE(policy.confirmation.is_strict);
  EXPECT_EQ(policy.cooling_off.single_min, Money(34));
  EXPECT_EQ(policy.cooling_off.window_sum_min, Money(35));
  EXPECT_EQ(policy.cooling_off.window_count_min, 36);
  EXPECT_EQ(policy.cooling_off.window_ms, 37'000);
  EXPECT_EQ(policy.cooling_off.duration_ms, 38'000);
  EXPECT_EQ(policy.raise_delay_ms, 39'000);
  EXPECT_EQ(policy.sanctions.mute_factor, 40);
  EXPECT_EQ(policy.sanctions.recovery_months, 41);
  EXPECT_EQ(policy.cooling_off.hold_ms, 42'000);
  EXPECT_EQ(policy.tip_life.hold_ms, 43'000);
  EXPECT_EQ(policy.tip_life.remorse_ms, 44'000);
  EXPECT_FALSE(policy.tip_life.void_restores_headroom);
  EXPECT_EQ(policy.tip_life.streamer_permille, 45);
  EXPECT_EQ(policy.tip_life.agency_permille, 46);
}

TEST(PolicyConversion, TriggersThatAreLeftOutAreNeverReached) {
  v1::TippingPolicy message = Parse<v1::TippingPolicy>(kPolicy);
  message.mutable_cooling_off()->clear_single_min_minor();
  message.mutable_cooling_off()->clear_window_count_min();
  CoolingOffPolicy cooling_off = ToPolicy(message).cooling_off;
  EXPECT_EQ(cooling_off.single_min, kNoLimit);
  EXPECT_EQ(cooling_off.window_count_min, 64);
  message.clear_cooling_off();
  cooling_off = ToPolicy(message).cooling_off;
  EXPECT_EQ(cooling_off.window_sum_min, kNoLimit);
  EXPECT_EQ(cooling_off.window_count_min, 0);
  EXPECT_EQ(cooling_off.window_ms, 0);
}

TEST(PolicyConversion, W1PayersAreRemindedUnlessThePolicySaysWhereElse) {
  const Policy policy = ToPolicy(v1::TippingPolicy());
  EXPECT_EQ(policy.reminder_permille, std::vector<int32_t>({300, 500, 800, 1000}));
}

TEST(PolicyConversion, AGateIsStrictUnlessThePolicySaysOtherwise) {
  v1::TippingPolicy message = Parse<v1::TippingPolicy>(kPolicy);
  message.mutable_confirmation()->set_loose_crossing(true);
  EXPECT_FALSE(ToPolicy(message).confirmation.is_strict);
  message.clear_confirmation();
  EXPECT_EQ(ToPolicy(message).confirmation.day_permille, 0);
}

TEST(PolicyConversion, FactsMayAgeForEverIfNothingIsSaid) {
  v1::TippingPolicy message = Parse<v1::TippingPolicy>(kPolicy);
  message.clear_facts_max_age();
  EXPECT_EQ(ToPolicy(message).facts_max_age_ms, 0);
}

TEST(PolicyConversion, EveryFieldOfACatalogArrives) {
  const GiftCatalog catalog = ToGiftCatalog(Parse<v1::GiftCatalog>(kCatalog));
  ASSERT_EQ(catalog.gifts().size(), 2u);
  const Gift* const rose = catalog.Find(GiftId(1));
  ASSERT_NE(rose, nullptr);
  EXPECT_EQ(rose->name, "rose");
  EXPECT_EQ(rose->unit_price, Money(100));
  EXPECT_TRUE(rose->is_enabled);
  EXPECT_FALSE(catalog.Find(GiftId(2))->is_enabled);
}

TEST(PolicyConversion, VersionsDoNotMakeAPolicyAnother) {
  const Policy policy = ToPolicy(Parse<v1::TippingPolicy>(kPolicy));
  Policy in_force = policy;
  in_force.version = 7;
  EXPECT_TRUE(SamePolicy(policy, in_force));
  EXPECT_TRUE(SamePolicy(in_force, policy));
}

TEST(PolicyConversion, MinorsAreBlockedUnlessThePolicySaysOtherwise) {
  v1::TippingPolicy message = Parse<v1::TippingPolicy>(kPolicy);
  const Policy tiered = ToPolicy(message);
  EXPECT_EQ(tiered.minor_profile, MinorProfile::kTiered2026);
  EXPECT_EQ(tiered.limits_8_to_15.single_max, Money(21));
  EXPECT_EQ(tiered.limits_8_to_15.day_limit, Money(22));
  EXPECT_EQ(tiered.limits_16_to_17.single_max, Money(23));
  EXPECT_EQ(tiered.limits_16_to_17.day_limit, Money(24));
  message.mutable_minors()->set_profile(v1::MINOR_PROFILE_STRICT);
  EXPECT_EQ(ToPolicy(message).minor_profile, MinorProfile::kStrict);
  message.clear_minors();
  EXPECT_EQ(ToPolicy(message).minor_profile, MinorProfile::kStrict);
}

TEST(PolicyConversion, AnyOtherFieldMakesAPolicyAnother) {
  const v1::TippingPolicy message = Parse<v1::TippingPolicy>(kPolicy);
  const Policy policy = ToPolicy(message);
  const auto* const reflection = message.GetReflection();
  const auto* const type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    v1::TippingPolicy other = message;
    reflection->ClearField(&other, type->field(i));
    EXPECT_FALSE(SamePolicy(policy, ToPolicy(other))) << type->field(i)->name();
  }
}

TEST(PolicyConversion, AnExternalWalletIsWhatNothingSaid) {
  v1::TippingPolicy message = Parse<v1::TippingPolicy>(kPolicy);
  message.clear_wallet();
  const Policy silent = ToPolicy(message);
  EXPECT_FALSE(silent.keeps_balances());
  message.set_wallet(v1::WALLET_MODE_EXTERNAL);
  EXPECT_TRUE(SamePolicy(silent, ToPolicy(message)));
}

TEST(PolicyConversion, AGiftTakenOffSaleMakesACatalogAnother) {
  v1::GiftCatalog message = Parse<v1::GiftCatalog>(kCatalog);
  const GiftCatalog catalog = ToGiftCatalog(message);
  EXPECT_TRUE(SameCatalog(catalog, ToGiftCatalog(message)));
  message.mutable_gifts(0)->set_is_disabled(true);
  EXPECT_FALSE(SameCatalog(catalog, ToGiftCatalog(message)));
}

}  // namespace
}  // namespace tipgate

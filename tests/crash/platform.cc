#include "tests/crash/platform.h"

namespace tipgate::crash {
namespace {

constexpr int64_t kGiftPriceMax = 400'000;  // the oracle takes no dearer gift into its catalogue
constexpr int64_t kTipMax = 1'900;          // 20 gifts of 100 are more
constexpr int64_t kDayLimit = 50'000;
constexpr int64_t kMonthLimit = 60'000;
constexpr int64_t kSessionMax = 400'000;
constexpr int64_t kRechargeMax = 1'000;
constexpr int64_t kRechargeDayLimit = 20'000;

}  // namespace

TestPolicy PolicyOfGate() {
  TestPolicy policy;
  policy.gift_price_max_minor = kGiftPriceMax;
  policy.tip_max_minor = kTipMax;
  policy.day_limit_minor = kDayLimit;
  policy.month_limit_minor = kMonthLimit;
  policy.reminder_permille = "[300, 500, 800, 1000]";
  policy.recharge_single_max_minor = kRechargeMax;
  policy.recharge_day_limit_minor = kRechargeDayLimit;
  policy.recharge_month_limit_minor = kRechargeDayLimit;
  policy.recharge_hold_duration = "1s";
  policy.tiers[0].session_received_max_minor = kSessionMax;
  policy.tiers.push_back(policy.tiers[0]);
  policy.tiers[1].name = "T2";
  policy.tiers[1].settle_delay = "100ms";
  policy.more = "tips: {remorse_window: 5s}\n";
  return policy;
}

oracle::Policy PolicyOfOracle(const std::string& time_zone) {
  oracle::Policy policy;
  policy.time_zone = time_zone;
  policy.gift_price_max = kGiftPriceMax;
  policy.tip_max = kTipMax;
  policy.day_limit = kDayLimit;
  policy.month_limit = kMonthLimit;
  policy.reminder_permille = {300, 500, 800, 1000};
  policy.recharge = {.single_max = kRechargeMax,
                     .day_limit = kRechargeDayLimit,
                     .month_limit = kRechargeDayLimit,
                     .hold_ms = oracle::kSecondMs};
  const oracle::TierPolicy tier = {.name = "T1",
                                   .session_received_max = kSessionMax,
                                   .session_duration_max_ms = 4 * oracle::kHourMs,
                                   .sessions_per_day_max = 1'000,
                                   .session_interval_ms = 0,
                                   .settle_delay_ms = 7 * oracle::kDayMs};
  policy.tiers = {tier, tier};
  policy.tiers[1].name = "T2";
  policy.tiers[1].settle_delay_ms = 100;
  policy.remorse_window_ms = 5 * oracle::kSecondMs;
  return policy;
}

std::vector<oracle::Gift> GiftsOfOracle() {
  std::vector<oracle::Gift> gifts;
  for (const int64_t price : kGiftPrices) gifts.push_back({.gift_id = price, .unit_price = price});
  gifts.push_back({.gift_id = kGiftOffSale, .unit_price = kGiftOffSale, .is_disabled = true});
  return gifts;
}

}  // namespace tipgate::crash

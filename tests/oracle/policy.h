// The policy and the gift catalogue as plain data: everything of rules.md 3-8 and 11. Amounts are
// minor units, times are milliseconds. What a default leaves off is a rule that refuses nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tipgate::oracle {

inline constexpr int64_t kSecondMs = 1000;
inline constexpr int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr int64_t kHourMs = 60 * kMinuteMs;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// Limits of one origin; what is left out does not limit.
struct Limits {
  std::optional<int64_t> tip_max = std::nullopt;
  std::optional<int64_t> day = std::nullopt;
  std::optional<int64_t> month = std::nullopt;

  bool operator==(const Limits&) const = default;
};

// A tier of streamers (rules.md 8).
struct TierPolicy {
  std::string name = {};
  int64_t session_received_max = 0;
  int64_t session_duration_max_ms = 0;
  int64_t sessions_per_day_max = 0;
  int64_t session_interval_ms = 0;
  int64_t settle_delay_ms = 0;
};

struct SettleDelayClass {
  int64_t min_amount = 0;
  int64_t settle_delay_ms = 0;
};

enum class MinorProfile { kStrict, kTiered2026 };

struct MinorLimits {
  int64_t single_max = 0;
  int64_t day_limit = 0;
};

struct MinorPolicy {
  MinorProfile profile = MinorProfile::kStrict;
  MinorLimits age_8_to_15 = {};
  MinorLimits age_16_to_17 = {};
};

struct RechargePolicy {
  int64_t single_max = 0;
  int64_t day_limit = 0;
  int64_t month_limit = 0;
  int64_t hold_ms = 30 * kMinuteMs;
};

// T18. 0 per mille: no gate.
struct ConfirmPolicy {
  int day_permille = 0;
  int month_permille = 0;
  bool strict_crossing = true;
};

enum class CoolingOffMode { kBlock, kHold };

// T15. Each trigger is optional; the window is that of both sums.
struct CoolingOffPolicy {
  std::optional<int64_t> single_amount = std::nullopt;
  std::optional<int64_t> window_amount = std::nullopt;
  std::optional<int64_t> window_count = std::nullopt;
  int64_t window_ms = 0;
  int64_t duration_ms = 0;
  CoolingOffMode mode = CoolingOffMode::kBlock;
  int64_t hold_ttl_ms =
      30 * kSecondMs;  // Mode hold: how long a tip waits that did not ask to be held.
};

// The streamer's and the agency's part of settled income; the platform gets the rest.
struct SharePolicy {
  int64_t streamer_permille = 1000;
  int64_t agency_permille = 0;
};

struct Policy {
  int64_t version = 1;
  std::string time_zone = "Asia/Shanghai";
  int64_t gift_price_max = 0;
  int64_t tip_max = 0;
  int64_t day_limit = 0;
  int64_t month_limit = 0;
  std::vector<int> reminder_permille = {};
  std::optional<int64_t> facts_max_age_ms = std::nullopt;
  std::vector<TierPolicy> tiers = {};
  std::vector<SettleDelayClass> settle_delays = {};
  RechargePolicy recharge = {};
  MinorPolicy minors = {};
  std::map<std::string, Limits> payer_tiers = {};
  ConfirmPolicy confirm = {};
  std::optional<CoolingOffPolicy> cooling_off = std::nullopt;
  int64_t tip_hold_ttl_ms = 30 * kSecondMs;
  int64_t remorse_window_ms = 0;
  bool void_restores_headroom = true;
  bool tier_change_at_once = false;
  bool wallet_managed = false;
  SharePolicy shares = {};
  int64_t raise_delay_ms = kDayMs;
  int64_t mute_factor = 2;
  int recovery_months = 3;
};

struct Gift {
  int64_t gift_id = 0;
  int64_t unit_price = 0;
  bool is_disabled = false;
  bool random_reward = false;
};

}  // namespace tipgate::oracle

#include "server/policy_file.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/policy.h"
#include "core/recent_tips.h"
#include "server/duration_text.h"
#include "server/field_rules.h"
#include "server/yaml_message.h"

namespace tipgate {
namespace {

constexpr int64_t kNoMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kAmountMax = kPolicyAmountMax.minor();
constexpr int kThresholdsMax = 8;
constexpr int kTiersMax = 64;
constexpr int kDelayClassesMax = 8;
constexpr int kGiftsMax = 10'000;
constexpr size_t kTierNameBytesMax = 8;
constexpr size_t kGiftNameBytesMax = 64;
constexpr int64_t kGiftPriceMax = 10'000'000'000;
// 0 would take every payer for not verified; 100 years is no limit for any other purpose.
constexpr int64_t kFactsMaxAgeMinMs = kSecondMs;
constexpr int64_t kFactsMaxAgeMaxMs = 36'500 * kDayMs;

constexpr FieldRule kPolicyRules[] = {
    Required("gift_price_max_minor", 1, kAmountMax),
    Required("tip_max_minor", 1, kAmountMax),
    Required("day_limit_minor", 1, kAmountMax),
    Required("month_limit_minor", 1, kAmountMax),
    Optional("facts_max_age", kFactsMaxAgeMinMs, kFactsMaxAgeMaxMs),
};

constexpr FieldRule kTierRules[] = {
    Required("session_received_max_minor", 1, kAmountMax),
    Required("session_duration_max", kMinuteMs, 48 * kHourMs),
    Required("sessions_per_day_max", 1, 1000),
    Required("session_interval", 0, kDayMs),
    Required("settle_delay", 0, 90 * kDayMs),
};

constexpr FieldRule kDelayClassRules[] = {
    Required("min_amount_minor", 1, kAmountMax),
    Required("settle_delay", 0, 90 * kDayMs),
};

constexpr FieldRule kRechargeRules[] = {
    Required("single_max_minor", 1, kAmountMax),
    Required("day_limit_minor", 1, kAmountMax),
    Required("month_limit_minor", 1, kAmountMax),
    Required("hold_duration", kSecondMs, kDayMs),
};

constexpr FieldRule kMinorRules[] = {
    Required("single_max_minor", 1, kAmountMax),
    Required("day_limit_minor", 1, kAmountMax),
};

constexpr FieldRule kPayerLimitRules[] = {
    Optional("tip_max_minor", 0, kAmountMax),
    Optional("day_limit_minor", 0, kAmountMax),
    Optional("month_limit_minor", 0, kAmountMax),
};

constexpr FieldRule kConfirmationRules[] = {
    Optional("day_permille", 1, 1000),
    Optional("month_permille", 1, 1000),
};

constexpr FieldRule kCoolingOffRules[] = {
    Optional("single_min_minor", 1, kAmountMax),
    Optional("window_sum_min_minor", 1, kCoolingOffSumMax.minor()),
    Optional("window_count_min", 1, kCoolingOffCountMax),
    Optional("window", kSecondMs, kCoolingOffWindowMaxMs),
    Required("duration", kSecondMs, kDayMs),
};

constexpr FieldRule kSelfLimitsRules[] = {
    WithDefault("raise_delay", kSecondMs, 90 * kDayMs, kDayMs),
};

constexpr FieldRule kSanctionRules[] = {
    WithDefault("mute_factor", 2, 3, 2),
    WithDefault("recovery_months", 1, 12, 3),
};

constexpr FieldRule kGiftRules[] = {
    Required("gift_id", 1, kNoMax),
    Required("unit_price_minor", 1, kGiftPriceMax),
};

bool IsUpper(unsigned char c) { return absl::ascii_isupper(c); }
bool IsTierNameCharacter(unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; }
bool IsZoneNameCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '+' || c == '-' || c == '/';
}

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), IsUpper);
}

bool IsTierName(absl::string_view text) {
  return !text.empty() && text.size() <= kTierNameBytesMax &&
         std::all_of(text.begin(), text.end(), IsTierNameCharacter);
}

// Only names of the zone database: absl also takes "localtime", paths and fixed offsets, and would
// make the calendar depend on the machine.
bool IsTimeZone(absl::string_view text) {
  const bool is_name = !text.empty() && text[0] != '/' && text != "localtime" &&
                       std::all_of(text.begin(), text.end(), IsZoneNameCharacter);
  absl::TimeZone ignored;
  return is_name && absl::LoadTimeZone(text, &ignored);
}

absl::Status CheckCount(const char* field, int count, int min, int max,
                        const YamlLocations& locations) {
  if (count >= min && count <= max) return absl::OkStatus();
  return locations.ErrorAt(field, absl::StrCat(min, " .. ", max, " entries"), absl::StrCat(count));
}

// `path` is that of the message that holds both limits.
absl::Status CheckMonthLimit(const std::string& path, int64_t day_limit, int64_t month_limit,
                             const YamlLocations& locations) {
  if (month_limit >= day_limit) return absl::OkStatus();
  return locations.ErrorAt(FieldPath(path, "month_limit_minor"),
                           absl::StrCat("at least day_limit_minor, ", day_limit),
                           absl::StrCat(month_limit));
}

absl::Status CheckAscending(const std::string& path, int64_t value, int64_t before,
                            const YamlLocations& locations) {
  if (value > before) return absl::OkStatus();
  return locations.ErrorAt(path, absl::StrCat("more than the ", before, " before it"),
                           absl::StrCat(value));
}

absl::Status CheckReminders(const v1::TippingPolicy& policy, const YamlLocations& locations) {
  const auto& thresholds = policy.reminder_permille();
  absl::Status status =
      CheckCount("reminder_permille", thresholds.size(), 0, kThresholdsMax, locations);
  int32_t before = 0;
  for (int i = 0; i < thresholds.size() && status.ok(); ++i) {
    const std::string path = ItemPath("reminder_permille", i);
    status = CheckRange(path, thresholds[i], 1, 1000, locations);
    status.Update(CheckAscending(path, thresholds[i], before, locations));
    before = thresholds[i];
  }
  return status;
}

// The names of tiers, each a new one.
class TierNames {
 public:
  explicit TierNames(const YamlLocations* locations) : locations_(*locations) {}

  absl::Status Add(const std::string& path, const std::string& name) {
    const std::string name_path = FieldPath(path, "name");
    absl::Status status =
        CheckText(name_path, name, IsTierName, "1 .. 8 letters, digits or underscores", locations_);
    const auto [first, is_new] = first_paths_.emplace(name, path);
    if (!status.ok() || is_new) return status;
    return locations_.ErrorAt(name_path, "a name of its own",
                              absl::StrCat("that of ", first->second));
  }

 private:
  const YamlLocations& locations_;
  absl::flat_hash_map<std::string, std::string> first_paths_;
};

absl::Status CheckTiers(const YamlLocations& locations, v1::TippingPolicy* policy) {
  absl::Status status = CheckCount("tiers", policy->tiers_size(), 1, kTiersMax, locations);
  TierNames names(&locations);
  for (int i = 0; i < policy->tiers_size() && status.ok(); ++i) {
    v1::TierPolicy& tier = *policy->mutable_tiers(i);
    const std::string path = ItemPath("tiers", i);
    status = names.Add(path, tier.name());
    status.Update(ApplyFieldRules(kTierRules, path, locations, &tier));
  }
  return status;
}

absl::Status CheckPayerTiers(const YamlLocations& locations, v1::TippingPolicy* policy) {
  absl::Status status =
      CheckCount("payer_tiers", policy->payer_tiers_size(), 0, kTiersMax, locations);
  TierNames names(&locations);
  for (int i = 0; i < policy->payer_tiers_size() && status.ok(); ++i) {
    v1::PayerTier& tier = *policy->mutable_payer_tiers(i);
    const std::string path = ItemPath("payer_tiers", i);
    status = names.Add(path, tier.name());
    const std::string limits_path = FieldPath(path, "limits");
    if (status.ok() && !tier.has_limits()) {
      status = locations.ErrorAt(limits_path, "the limits of the tier", "nothing");
    }
    status.Update(ApplyFieldRules(kPayerLimitRules, limits_path, locations, tier.mutable_limits()));
  }
  return status;
}

absl::Status CheckConfirmation(const YamlLocations& locations, v1::TippingPolicy* policy) {
  if (!policy->has_confirmation()) return absl::OkStatus();
  return ApplyFieldRules(kConfirmationRules, "confirmation", locations,
                         policy->mutable_confirmation());
}

absl::Status CheckCoolingOff(const YamlLocations& locations, v1::TippingPolicy* policy) {
  if (!policy->has_cooling_off()) return absl::OkStatus();
  v1::CoolingOffPolicy& cooling_off = *policy->mutable_cooling_off();
  absl::Status status = ApplyFieldRules(kCoolingOffRules, "cooling_off", locations, &cooling_off);
  const bool needs_window =
      cooling_off.window_sum_min_minor() != 0 || cooling_off.window_count_min() != 0;
  if (status.ok() && cooling_off.single_min_minor() == 0 && !needs_window) {
    status = locations.ErrorAt(
        "cooling_off", "at least one of single_min_minor, window_sum_min_minor, window_count_min",
        "none of them");
  }
  if (status.ok() && needs_window && !cooling_off.has_window()) {
    status = locations.ErrorAt("cooling_off.window", "the window of the sum or count", "nothing");
  }
  if (status.ok() && !needs_window && cooling_off.has_window()) {
    status = locations.ErrorAt("cooling_off.window",
                               "a window_sum_min_minor or window_count_min for it", "neither");
  }
  return status;
}

absl::Status CheckSettleDelays(const YamlLocations& locations, v1::TippingPolicy* policy) {
  absl::Status status =
      CheckCount("settle_delays", policy->settle_delays_size(), 0, kDelayClassesMax, locations);
  int64_t before = 0;
  for (int i = 0; i < policy->settle_delays_size() && status.ok(); ++i) {
    v1::SettleDelayClass& delay = *policy->mutable_settle_delays(i);
    const std::string path = ItemPath("settle_delays", i);
    status = ApplyFieldRules(kDelayClassRules, path, locations, &delay);
    status.Update(CheckAscending(FieldPath(path, "min_amount_minor"), delay.min_amount_minor(),
                                 before, locations));
    before = delay.min_amount_minor();
  }
  return status;
}

absl::Status CheckRecharge(const YamlLocations& locations, v1::TippingPolicy* policy) {
  if (!policy->has_recharge())
    return locations.ErrorAt("recharge", "the limits of recharges", "nothing");
  v1::RechargePolicy& recharge = *policy->mutable_recharge();
  absl::Status status = ApplyFieldRules(kRechargeRules, "recharge", locations, &recharge);
  status.Update(CheckMonthLimit("recharge", recharge.day_limit_minor(),
                                recharge.month_limit_minor(), locations));
  return status;
}

// A birthday makes nobody poorer: the time from which on a tip is said to pass may be one.
absl::Status CheckOlderMinors(const v1::MinorPolicy& minors, const YamlLocations& locations) {
  const v1::MinorLimits& younger = minors.age_8_to_15();
  const v1::MinorLimits& older = minors.age_16_to_17();
  const auto check = [&](const char* field, int64_t of_older, int64_t of_younger) {
    if (of_older >= of_younger) return absl::OkStatus();
    return locations.ErrorAt(FieldPath("minors.age_16_to_17", field),
                             absl::StrCat("at least that of age_8_to_15, ", of_younger),
                             absl::StrCat(of_older));
  };
  absl::Status status =
      check("single_max_minor", older.single_max_minor(), younger.single_max_minor());
  status.Update(check("day_limit_minor", older.day_limit_minor(), younger.day_limit_minor()));
  return status;
}

absl::Status CheckMinors(const YamlLocations& locations, v1::TippingPolicy* policy) {
  if (!policy->has_minors()) return absl::OkStatus();
  v1::MinorPolicy& minors = *policy->mutable_minors();
  const bool has_limits = minors.has_age_8_to_15() || minors.has_age_16_to_17();
  switch (minors.profile()) {
    case v1::MINOR_PROFILE_STRICT:
      if (!has_limits) return absl::OkStatus();
      return locations.ErrorAt("minors", "no limits with profile strict: no minor pays", "limits");
    case v1::MINOR_PROFILE_TIERED_2026: {
      absl::Status status = ApplyFieldRules(kMinorRules, "minors.age_8_to_15", locations,
                                            minors.mutable_age_8_to_15());
      status.Update(ApplyFieldRules(kMinorRules, "minors.age_16_to_17", locations,
                                    minors.mutable_age_16_to_17()));
      if (status.ok()) status = CheckOlderMinors(minors, locations);
      return status;
    }
    default:
      return locations.ErrorAt("minors.profile", "strict or tiered_2026", "nothing");
  }
}

absl::Status CheckPolicy(const YamlLocations& locations, v1::TippingPolicy* policy) {
  absl::Status status = CheckText("currency", policy->currency(), IsCurrency,
                                  "3 capital letters, such as CNY", locations);
  status.Update(CheckText(
      "time_zone", policy->time_zone(), IsTimeZone,
      "the IANA name of a time zone that this machine knows, such as Asia/Shanghai", locations));
  status.Update(ApplyFieldRules(kPolicyRules, "", locations, policy));
  status.Update(
      CheckMonthLimit("", policy->day_limit_minor(), policy->month_limit_minor(), locations));
  status.Update(CheckReminders(*policy, locations));
  status.Update(CheckTiers(locations, policy));
  status.Update(CheckSettleDelays(locations, policy));
  status.Update(CheckRecharge(locations, policy));
  status.Update(CheckMinors(locations, policy));
  status.Update(CheckPayerTiers(locations, policy));
  status.Update(CheckConfirmation(locations, policy));
  status.Update(CheckCoolingOff(locations, policy));
  status.Update(
      ApplyFieldRules(kSelfLimitsRules, "self_limits", locations, policy->mutable_self_limits()));
  status.Update(
      ApplyFieldRules(kSanctionRules, "sanctions", locations, policy->mutable_sanctions()));
  return status;
}

absl::Status CheckGift(const std::string& path, const YamlLocations& locations, v1::Gift* gift) {
  absl::Status status = ApplyFieldRules(kGiftRules, path, locations, gift);
  if (status.ok() && gift->name().size() > kGiftNameBytesMax) {
    status = locations.ErrorAt(FieldPath(path, "name"),
                               absl::StrCat("0 .. ", kGiftNameBytesMax, " bytes"),
                               absl::StrCat(gift->name().size()));
  }
  if (status.ok() && gift->random_reward()) {
    status = locations.ErrorAt(FieldPath(path, "random_reward"),
                               "false: a gift whose value is drawn by lot is gambling in disguise",
                               "true");
  }
  return status;
}

absl::Status CheckGifts(const YamlLocations& locations, v1::GiftCatalog* catalog) {
  absl::Status status = CheckCount("gifts", catalog->gifts_size(), 1, kGiftsMax, locations);
  absl::flat_hash_map<int64_t, int> first_indexes;
  for (int i = 0; i < catalog->gifts_size() && status.ok(); ++i) {
    v1::Gift& gift = *catalog->mutable_gifts(i);
    const std::string path = ItemPath("gifts", i);
    status = CheckGift(path, locations, &gift);
    const auto [first, is_new] = first_indexes.emplace(gift.gift_id(), i);
    if (status.ok() && !is_new) {
      status = locations.ErrorAt(FieldPath(path, "gift_id"), "an id of its own",
                                 absl::StrCat("that of ", ItemPath("gifts", first->second)));
    }
  }
  return status;
}

// Fills `message`, and tells where its fields stand.
template <typename MessageType>
absl::StatusOr<YamlLocations> Load(const std::string& path,
                                   absl::Status (*check)(const YamlLocations&, MessageType*),
                                   MessageType* message) {
  absl::StatusOr<YamlLocations> locations = ReadYamlFile(path, message);
  if (!locations.ok()) return locations.status();
  if (absl::Status status = check(*locations, message); !status.ok()) return status;
  return locations;
}

}  // namespace

absl::StatusOr<PolicyFile> LoadPolicy(const std::string& path) {
  v1::TippingPolicy policy;
  absl::StatusOr<YamlLocations> locations = Load(path, CheckPolicy, &policy);
  if (!locations.ok()) return locations.status();
  return PolicyFile{std::move(policy), *std::move(locations)};
}

absl::StatusOr<v1::GiftCatalog> LoadGifts(const std::string& path) {
  v1::GiftCatalog catalog;
  const absl::StatusOr<YamlLocations> locations = Load(path, CheckGifts, &catalog);
  if (!locations.ok()) return locations.status();
  return catalog;
}

}  // namespace tipgate

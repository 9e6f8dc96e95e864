#include "server/policy_file.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/policy.h"
#include "core/recent_tips.h"
#include "server/field_rules.h"
#include "server/time_zone_name.h"
#include "yaml/duration_text.h"
#include "yaml/yaml_message.h"

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
    Optional("hold", kSecondMs, kDayMs),
};

constexpr FieldRule kSelfLimitsRules[] = {
    WithDefault("raise_delay", kSecondMs, 90 * kDayMs, kDayMs),
};

constexpr FieldRule kSanctionRules[] = {
    WithDefault("mute_factor", 2, 3, 2),
    WithDefault("recovery_months", 1, 12, 3),
};

constexpr FieldRule kTipLifeRules[] = {
    WithDefault("hold_duration", kSecondMs, kDayMs, 30 * kSecondMs),
    WithDefault("remorse_window", 0, 30 * kDayMs, 0),
};

constexpr int64_t kPermilleMax = 1'000;
constexpr FieldRule kShareRules[] = {
    Optional("streamer_permille", 0, kPermilleMax),
    Optional("agency_permille", 0, kPermilleMax),
};

constexpr FieldRule kGiftRules[] = {
    Required("gift_id", 1, kNoMax),
    Required("unit_price_minor", 1, kGiftPriceMax),
};

bool IsUpper(unsigned char c) { return absl::ascii_isupper(c); }
bool IsTierNameCharacter(unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; }

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), IsUpper);
}

bool IsTierName(absl::string_view text) {
  return !text.empty() && text.size() <= kTierNameBytesMax &&
         std::all_of(text.begin(), text.end(), IsTierNameCharacter);
}

bool CheckCount(const char* field, int count, int min, int max, FieldFaults* faults) {
  if (count >= min && count <= max) return true;
  faults->Add(field, absl::StrCat(min, " .. ", max, " entries"), absl::StrCat(count));
  return false;
}

// `path` is that of the message that holds both limits.
void CheckMonthLimit(const std::string& path, int64_t day_limit, int64_t month_limit,
                     FieldFaults* faults) {
  if (month_limit >= day_limit) return;
  faults->Add(FieldPath(path, "month_limit_minor"),
              absl::StrCat("at least day_limit_minor, ", day_limit), absl::StrCat(month_limit));
}

void CheckAscending(const std::string& path, int64_t value, int64_t before, FieldFaults* faults) {
  if (value > before) return;
  faults->Add(path, absl::StrCat("more than the ", before, " before it"), absl::StrCat(value));
}

void CheckReminders(const v1::TippingPolicy& policy, FieldFaults* faults) {
  const auto& thresholds = policy.reminder_permille();
  if (!CheckCount("reminder_permille", thresholds.size(), 0, kThresholdsMax, faults)) return;
  int32_t before = 0;
  for (int i = 0; i < thresholds.size(); ++i) {
    const std::string path = ItemPath("reminder_permille", i);
    if (CheckRange(path, thresholds[i], 1, 1000, faults)) {
      CheckAscending(path, thresholds[i], before, faults);
    }
    before = thresholds[i];
  }
}

// The names of tiers, each a new one.
class TierNames {
 public:
  void Add(const std::string& path, const std::string& name, FieldFaults* faults) {
    const std::string name_path = FieldPath(path, "name");
    const bool is_name =
        CheckText(name_path, name, IsTierName, "1 .. 8 letters, digits or underscores", faults);
    const auto [first, is_new] = first_paths_.emplace(name, path);
    if (!is_name || is_new) return;
    faults->Add(name_path, "a name of its own", absl::StrCat("that of ", first->second));
  }

 private:
  absl::flat_hash_map<std::string, std::string> first_paths_;
};

void CheckTiers(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!CheckCount("tiers", policy->tiers_size(), 1, kTiersMax, faults)) return;
  TierNames names;
  for (int i = 0; i < policy->tiers_size(); ++i) {
    v1::TierPolicy& tier = *policy->mutable_tiers(i);
    const std::string path = ItemPath("tiers", i);
    names.Add(path, tier.name(), faults);
    ApplyFieldRules(kTierRules, path, &tier, faults);
  }
}

void CheckPayerTiers(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!CheckCount("payer_tiers", policy->payer_tiers_size(), 0, kTiersMax, faults)) return;
  TierNames names;
  for (int i = 0; i < policy->payer_tiers_size(); ++i) {
    v1::PayerTier& tier = *policy->mutable_payer_tiers(i);
    const std::string path = ItemPath("payer_tiers", i);
    names.Add(path, tier.name(), faults);
    const std::string limits_path = FieldPath(path, "limits");
    if (!tier.has_limits()) faults->Add(limits_path, "the limits of the tier", "nothing");
    ApplyFieldRules(kPayerLimitRules, limits_path, tier.mutable_limits(), faults);
  }
}

void CheckConfirmation(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!policy->has_confirmation()) return;
  ApplyFieldRules(kConfirmationRules, "confirmation", policy->mutable_confirmation(), faults);
}

void CheckCoolingOff(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!policy->has_cooling_off()) return;
  v1::CoolingOffPolicy& cooling_off = *policy->mutable_cooling_off();
  if (!ApplyFieldRules(kCoolingOffRules, "cooling_off", &cooling_off, faults)) return;
  const bool needs_window =
      cooling_off.window_sum_min_minor() != 0 || cooling_off.window_count_min() != 0;
  if (cooling_off.single_min_minor() == 0 && !needs_window) {
    faults->Add("cooling_off",
                "at least one of single_min_minor, window_sum_min_minor, window_count_min",
                "none of them");
  } else if (needs_window && !cooling_off.has_window()) {
    faults->Add("cooling_off.window", "the window of the sum or count", "nothing");
  } else if (!needs_window && cooling_off.has_window()) {
    faults->Add("cooling_off.window", "a window_sum_min_minor or window_count_min for it",
                "neither");
  }
}

void CheckShares(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!policy->has_shares()) return;
  v1::SharePolicy& shares = *policy->mutable_shares();
  if (!ApplyFieldRules(kShareRules, "shares", &shares, faults)) return;
  const int64_t left = kPermilleMax - shares.streamer_permille();
  if (shares.agency_permille() <= left) return;
  faults->Add("shares.agency_permille",
              absl::StrCat("at most what streamer_permille leaves of 1000, ", left),
              absl::StrCat(shares.agency_permille()));
}

void CheckSettleDelays(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!CheckCount("settle_delays", policy->settle_delays_size(), 0, kDelayClassesMax, faults)) {
    return;
  }
  int64_t before = 0;
  for (int i = 0; i < policy->settle_delays_size(); ++i) {
    v1::SettleDelayClass& delay = *policy->mutable_settle_delays(i);
    const std::string path = ItemPath("settle_delays", i);
    if (ApplyFieldRules(kDelayClassRules, path, &delay, faults)) {
      CheckAscending(FieldPath(path, "min_amount_minor"), delay.min_amount_minor(), before, faults);
    }
    before = delay.min_amount_minor();
  }
}

void CheckRecharge(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!policy->has_recharge()) {
    return faults->Add("recharge", "the limits of recharges", "nothing");
  }
  v1::RechargePolicy& recharge = *policy->mutable_recharge();
  if (!ApplyFieldRules(kRechargeRules, "recharge", &recharge, faults)) return;
  CheckMonthLimit("recharge", recharge.day_limit_minor(), recharge.month_limit_minor(), faults);
}

// A birthday makes nobody poorer: the time from which on a tip is said to pass may be one.
void CheckOlderMinors(const v1::MinorPolicy& minors, FieldFaults* faults) {
  const v1::MinorLimits& younger = minors.age_8_to_15();
  const v1::MinorLimits& older = minors.age_16_to_17();
  const auto check = [&](const char* field, int64_t of_older, int64_t of_younger) {
    if (of_older >= of_younger) return;
    faults->Add(FieldPath("minors.age_16_to_17", field),
                absl::StrCat("at least that of age_8_to_15, ", of_younger), absl::StrCat(of_older));
  };
  check("single_max_minor", older.single_max_minor(), younger.single_max_minor());
  check("day_limit_minor", older.day_limit_minor(), younger.day_limit_minor());
}

void CheckMinors(v1::TippingPolicy* policy, FieldFaults* faults) {
  if (!policy->has_minors()) return;
  v1::MinorPolicy& minors = *policy->mutable_minors();
  const bool has_limits = minors.has_age_8_to_15() || minors.has_age_16_to_17();
  if (minors.profile() == v1::MINOR_PROFILE_STRICT) {
    if (!has_limits) return;
    faults->Add("minors", "no limits with profile strict: no minor pays", "limits");
  } else if (minors.profile() == v1::MINOR_PROFILE_TIERED_2026) {
    const bool is_younger_well =
        ApplyFieldRules(kMinorRules, "minors.age_8_to_15", minors.mutable_age_8_to_15(), faults);
    const bool is_older_well =
        ApplyFieldRules(kMinorRules, "minors.age_16_to_17", minors.mutable_age_16_to_17(), faults);
    if (is_younger_well && is_older_well) CheckOlderMinors(minors, faults);
  } else {
    faults->Add("minors.profile", "strict or tiered_2026", "nothing");
  }
}

void CheckGift(const std::string& path, v1::Gift* gift, FieldFaults* faults) {
  ApplyFieldRules(kGiftRules, path, gift, faults);
  const std::string& name = gift->name();
  if (name.size() > kGiftNameBytesMax) {
    faults->Add(FieldPath(path, "name"), absl::StrCat("0 .. ", kGiftNameBytesMax, " bytes"),
                absl::StrCat(name.size()));
  } else if (std::any_of(name.begin(), name.end(), absl::ascii_iscntrl)) {
    faults->Add(FieldPath(path, "name"), "no control characters", QuotedForError(name));
  }
  if (gift->random_reward()) {
    faults->Add(FieldPath(path, "random_reward"),
                "false: a gift whose value is drawn by lot is gambling in disguise", "true");
  }
}

// Fills `message`, and tells where its fields stand.
template <typename MessageType>
absl::StatusOr<YamlLocations> Load(const std::string& path,
                                   void (*check)(MessageType*, FieldFaults*),
                                   MessageType* message) {
  absl::StatusOr<YamlLocations> locations = ReadYamlFile(path, message);
  if (!locations.ok()) return locations.status();
  FieldFaults faults(&*locations);
  check(message, &faults);
  if (!faults.is_empty()) return faults.First();
  return locations;
}

}  // namespace

void CheckPolicy(v1::TippingPolicy* policy, FieldFaults* faults) {
  CheckText("currency", policy->currency(), IsCurrency, "3 capital letters, such as CNY", faults);
  CheckText("time_zone", policy->time_zone(), IsTimeZoneName,
            "the IANA name of a time zone that this machine knows, such as Asia/Shanghai", faults);
  if (ApplyFieldRules(kPolicyRules, "", policy, faults)) {
    CheckMonthLimit("", policy->day_limit_minor(), policy->month_limit_minor(), faults);
  }
  CheckReminders(*policy, faults);
  CheckTiers(policy, faults);
  CheckSettleDelays(policy, faults);
  CheckRecharge(policy, faults);
  CheckMinors(policy, faults);
  CheckPayerTiers(policy, faults);
  CheckConfirmation(policy, faults);
  CheckCoolingOff(policy, faults);
  ApplyFieldRules(kSelfLimitsRules, "self_limits", policy->mutable_self_limits(), faults);
  ApplyFieldRules(kSanctionRules, "sanctions", policy->mutable_sanctions(), faults);
  ApplyFieldRules(kTipLifeRules, "tips", policy->mutable_tips(), faults);
  CheckShares(policy, faults);
  if (!v1::WalletMode_IsValid(policy->wallet())) {
    faults->Add("wallet", "external or managed", absl::StrCat(policy->wallet()));
  }
}

void CheckGifts(v1::GiftCatalog* catalog, FieldFaults* faults) {
  if (!CheckCount("gifts", catalog->gifts_size(), 1, kGiftsMax, faults)) return;
  absl::flat_hash_map<int64_t, int> first_indexes;
  for (int i = 0; i < catalog->gifts_size(); ++i) {
    v1::Gift& gift = *catalog->mutable_gifts(i);
    const std::string path = ItemPath("gifts", i);
    CheckGift(path, &gift, faults);
    const auto [first, is_new] = first_indexes.emplace(gift.gift_id(), i);
    if (is_new) continue;
    faults->Add(FieldPath(path, "gift_id"), "an id of its own",
                absl::StrCat("that of ", ItemPath("gifts", first->second)));
  }
}

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

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"

namespace tipgate {

// What a tier of streamers may receive. Policy data; the ranges stand in
// proto/tipgate/v1/policy.proto.
struct Tier {
  TierName name;
  Money session_received_max;
  int64_t session_duration_max_ms = 0;
  int32_t sessions_per_day_max = 0;
  int64_t session_interval_ms = 0;
  int64_t settle_delay_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.name, self.session_received_max, self.session_duration_max_ms,
          self.sessions_per_day_max, self.session_interval_ms, self.settle_delay_ms);
  }
};

// A longer delay for tips of at least `min_amount`.
struct SettleDelayClass {
  Money min_amount;
  int64_t settle_delay_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.min_amount, self.settle_delay_ms);
  }
};

// How minors are kept from paying (rule T2). Stored; never renumber.
enum class MinorProfile : uint8_t {
  kStrict = 1,      // nobody under 18 pays
  kTiered2026 = 2,  // from 8 years on they may, within limits and with a guardian's consent
};

// What a minor of an age band may pay.
struct MinorLimits {
  Money single_max;
  Money day_limit;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.single_max, self.day_limit);
  }
};

// Limits that one payer has on top of the policy's.
struct PayerLimits {
  Money tip_max = kNoLimit;
  Money day_limit = kNoLimit;
  Money month_limit = kNoLimit;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.tip_max, self.day_limit, self.month_limit);
  }

  friend bool operator==(const PayerLimits&, const PayerLimits&) = default;
};

// A class of payers with limits of its own.
struct PayerTier {
  TierName name;
  PayerLimits limits;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.name);
    self.limits.Fields(self.limits, visit);
  }
};

// Rule T18: from these thousandths of the day and month limit on the payer must have confirmed; 0:
// never.
struct ConfirmationPolicy {
  int32_t day_permille = 0;
  int32_t month_permille = 0;
  bool is_strict = true;  // the tip that reaches the gate is refused already

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.day_permille, self.month_permille, self.is_strict);
  }
};

// Rule T15: what an accepted tip must reach for a cooling-off to begin after it.
struct CoolingOffPolicy {
  Money single_min = kNoLimit;
  Money window_sum_min = kNoLimit;  // at most kCoolingOffSumMax if set
  int32_t window_count_min = 0;     // 1 .. kCoolingOffCountMax where there is a window
  int64_t window_ms = 0;            // 0: no window
  int64_t duration_ms = 0;
  int64_t hold_ms = 0;  // tips are not refused meanwhile, but held for so long; 0: they are refused

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.single_min, self.window_sum_min, self.window_count_min, self.window_ms,
          self.duration_ms, self.hold_ms);
  }
};

// What becomes of accepted tips.
struct TipLifePolicy {
  int64_t hold_ms = 0;     // of a hold that does not say how long
  int64_t remorse_ms = 0;  // how long the payer may take a pending tip back
  bool void_restores_headroom = true;
  int16_t streamer_permille = 1000;  // of what settles; the remainder is the platform's
  int16_t agency_permille = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.hold_ms, self.remorse_ms, self.void_restores_headroom, self.streamer_permille,
          self.agency_permille);
  }
};

// What a sanction does to a streamer's income (rule T8).
struct SanctionPolicy {
  int32_t mute_factor = 2;      // receiving is suspended for so many times a mute
  int32_t recovery_months = 3;  // after a violation receiving comes back so much after the end

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.mute_factor, self.recovery_months);
  }
};

// Who keeps the balance that recharges fill and tips spend. Stored; never renumber.
enum class WalletMode : uint8_t {
  kExternal = 1,  // the platform
  kManaged = 2,   // the gate (rule T20)
};

// What a platform allows: immutable once it is in the journal. `version` counts activations from 1.
struct Policy {
  int32_t version = 0;
  std::string currency;
  std::string time_zone;
  Money gift_price_max;
  Money tip_max;
  Money day_limit;
  Money month_limit;
  std::vector<int32_t> reminder_permille;  // ascending, at most kRemindersMax
  int64_t facts_max_age_ms = 0;            // 0: no limit
  std::vector<Tier> tiers;
  std::vector<SettleDelayClass> settle_delays;
  Money recharge_single_max;
  Money recharge_day_limit;
  Money recharge_month_limit;
  int64_t recharge_hold_ms = 0;
  MinorProfile minor_profile = MinorProfile::kStrict;
  MinorLimits limits_8_to_15;  // of kTiered2026
  MinorLimits limits_16_to_17;
  std::vector<PayerTier> payer_tiers;
  ConfirmationPolicy confirmation;
  CoolingOffPolicy cooling_off;
  int64_t raise_delay_ms = 0;  // before a payer's own limit rises
  SanctionPolicy sanctions;
  TipLifePolicy tip_life;
  WalletMode wallet = WalletMode::kExternal;
  bool tier_change_at_once = false;  // rule S7: for sessions that are open already, too

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.version, self.currency, self.time_zone, self.gift_price_max, self.tip_max,
          self.day_limit, self.month_limit, self.reminder_permille, self.facts_max_age_ms,
          self.tiers, self.settle_delays, self.recharge_single_max, self.recharge_day_limit,
          self.recharge_month_limit, self.recharge_hold_ms, self.minor_profile);
    self.limits_8_to_15.Fields(self.limits_8_to_15, visit);
    self.limits_16_to_17.Fields(self.limits_16_to_17, visit);
    visit(self.payer_tiers);
    self.confirmation.Fields(self.confirmation, visit);
    self.cooling_off.Fields(self.cooling_off, visit);
    visit(self.raise_delay_ms);
    self.sanctions.Fields(self.sanctions, visit);
    self.tip_life.Fields(self.tip_life, visit);
    visit(self.wallet, self.tier_change_at_once);
  }

  bool keeps_balances() const { return wallet == WalletMode::kManaged; }

  // The tier of that name, or null.
  const Tier* FindTier(const TierName& name) const;

  // The tier of payers of that name, or null.
  const PayerTier* FindPayerTier(const TierName& name) const;

  // Rule I2: the largest of the delays for the tier and for the amount. A tier that is no more,
  // null, has the longest delay of those that are.
  int64_t SettleDelayMs(const Tier* tier, Money amount) const;

 private:
  int64_t TierDelayMs(const Tier* tier) const;
};

// The highest amount that a policy may state: a thousand times as much still fits.
inline constexpr Money kPolicyAmountMax{1'000'000'000'000'000};

// Reminders that a policy may have.
inline constexpr int kRemindersMax = 8;

// One virtual consumable.
struct Gift {
  GiftId id;
  std::string name;
  Money unit_price;
  bool is_enabled = true;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.name, self.unit_price, self.is_enabled);
  }
};

// The gifts that may be sent. Immutable.
class GiftCatalog {
 public:
  GiftCatalog() = default;
  // Gifts with different ids.
  explicit GiftCatalog(std::vector<Gift> gifts);

  // The gift, or null.
  const Gift* Find(GiftId id) const;

  const std::vector<Gift>& gifts() const { return gifts_; }

 private:
  std::vector<Gift> gifts_;
  absl::flat_hash_map<GiftId, size_t> index_;
};

using PolicyPtr = std::shared_ptr<const Policy>;
using GiftCatalogPtr = std::shared_ptr<const GiftCatalog>;

}  // namespace tipgate

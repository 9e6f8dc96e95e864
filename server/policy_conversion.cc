#include "server/policy_conversion.h"

#include <string>
#include <utility>
#include <vector>

#include "core/fingerprint.h"
#include "core/recent_tips.h"
#include "server/limit_conversion.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

Tier ToTier(const v1::TierPolicy& message) {
  return {.name = TierName(message.name()),
          .session_received_max = Money(message.session_received_max_minor()),
          .session_duration_max_ms = Milliseconds(message.session_duration_max()),
          .sessions_per_day_max = message.sessions_per_day_max(),
          .session_interval_ms = Milliseconds(message.session_interval()),
          .settle_delay_ms = Milliseconds(message.settle_delay())};
}

SettleDelayClass ToSettleDelayClass(const v1::SettleDelayClass& message) {
  return {.min_amount = Money(message.min_amount_minor()),
          .settle_delay_ms = Milliseconds(message.settle_delay())};
}

MinorLimits ToMinorLimits(const v1::MinorLimits& message) {
  return {.single_max = Money(message.single_max_minor()),
          .day_limit = Money(message.day_limit_minor())};
}

PayerTier ToPayerTier(const v1::PayerTier& message) {
  return {.name = TierName(message.name()), .limits = ToPayerLimits(message.limits())};
}

ConfirmationPolicy ToConfirmationPolicy(const v1::ConfirmationPolicy& message) {
  return {.day_permille = message.day_permille(),
          .month_permille = message.month_permille(),
          .is_strict = !message.loose_crossing()};
}

// A trigger that is left out is never reached.
Money MinOrNever(int64_t min_minor) { return min_minor == 0 ? kNoLimit : Money(min_minor); }

CoolingOffPolicy ToCoolingOffPolicy(const v1::CoolingOffPolicy& message) {
  CoolingOffPolicy policy = {.single_min = MinOrNever(message.single_min_minor()),
                             .window_sum_min = MinOrNever(message.window_sum_min_minor()),
                             .window_ms = Milliseconds(message.window()),
                             .duration_ms = Milliseconds(message.duration()),
                             .hold_ms = Milliseconds(message.hold())};
  // More tips than this are not remembered (core/recent_tips.h), so each window ends there.
  if (policy.window_ms != 0) {
    policy.window_count_min =
        message.window_count_min() == 0 ? kCoolingOffCountMax : message.window_count_min();
  }
  return policy;
}

void FillTier(const Tier& tier, v1::TierPolicy* out) {
  out->set_name(std::string(tier.name.view()));
  out->set_session_received_max_minor(tier.session_received_max.minor());
  SetMilliseconds(tier.session_duration_max_ms, out->mutable_session_duration_max());
  out->set_sessions_per_day_max(tier.sessions_per_day_max);
  SetMilliseconds(tier.session_interval_ms, out->mutable_session_interval());
  SetMilliseconds(tier.settle_delay_ms, out->mutable_settle_delay());
}

void FillRecharge(const Policy& policy, v1::RechargePolicy* out) {
  out->set_single_max_minor(policy.recharge_single_max.minor());
  out->set_day_limit_minor(policy.recharge_day_limit.minor());
  out->set_month_limit_minor(policy.recharge_month_limit.minor());
  SetMilliseconds(policy.recharge_hold_ms, out->mutable_hold_duration());
}

void FillMinorLimits(const MinorLimits& limits, v1::MinorLimits* out) {
  out->set_single_max_minor(limits.single_max.minor());
  out->set_day_limit_minor(limits.day_limit.minor());
}

void FillMinors(const Policy& policy, v1::MinorPolicy* out) {
  if (policy.minor_profile == MinorProfile::kStrict) {
    return out->set_profile(v1::MINOR_PROFILE_STRICT);
  }
  out->set_profile(v1::MINOR_PROFILE_TIERED_2026);
  FillMinorLimits(policy.limits_8_to_15, out->mutable_age_8_to_15());
  FillMinorLimits(policy.limits_16_to_17, out->mutable_age_16_to_17());
}

void FillConfirmation(const ConfirmationPolicy& confirmation, v1::ConfirmationPolicy* out) {
  out->set_day_permille(confirmation.day_permille);
  out->set_month_permille(confirmation.month_permille);
  out->set_loose_crossing(!confirmation.is_strict);
}

void FillCoolingOff(const CoolingOffPolicy& cooling_off, v1::CoolingOffPolicy* out) {
  if (cooling_off.single_min != kNoLimit) {
    out->set_single_min_minor(cooling_off.single_min.minor());
  }
  if (cooling_off.window_sum_min != kNoLimit) {
    out->set_window_sum_min_minor(cooling_off.window_sum_min.minor());
  }
  out->set_window_count_min(cooling_off.window_count_min);
  if (cooling_off.window_ms != 0) SetMilliseconds(cooling_off.window_ms, out->mutable_window());
  SetMilliseconds(cooling_off.duration_ms, out->mutable_duration());
  if (cooling_off.hold_ms != 0) SetMilliseconds(cooling_off.hold_ms, out->mutable_hold());
}

void FillTipLife(const TipLifePolicy& tip_life, v1::TippingPolicy* out) {
  v1::TipLifePolicy& tips = *out->mutable_tips();
  SetMilliseconds(tip_life.hold_ms, tips.mutable_hold_duration());
  if (tip_life.remorse_ms != 0) SetMilliseconds(tip_life.remorse_ms, tips.mutable_remorse_window());
  tips.set_keep_headroom_on_void(!tip_life.void_restores_headroom);
  out->mutable_shares()->set_streamer_permille(tip_life.streamer_permille);
  out->mutable_shares()->set_agency_permille(tip_life.agency_permille);
}

TipLifePolicy ToTipLifePolicy(const v1::TippingPolicy& message) {
  TipLifePolicy policy = {
      .hold_ms = Milliseconds(message.tips().hold_duration()),
      .remorse_ms = Milliseconds(message.tips().remorse_window()),
      .void_restores_headroom = !message.tips().keep_headroom_on_void(),
  };
  if (message.has_shares()) {
    policy.streamer_permille = static_cast<int16_t>(message.shares().streamer_permille());
    policy.agency_permille = static_cast<int16_t>(message.shares().agency_permille());
  }
  return policy;
}

Hash128 FingerprintOfCatalog(const GiftCatalog& catalog) {
  Hasher128 hasher;
  FingerprintVisitor visitor(nullptr, &hasher);
  visitor(catalog.gifts());
  return hasher.Finish();
}

}  // namespace

Policy ToPolicy(const v1::TippingPolicy& message) {
  Policy policy;
  policy.currency = message.currency();
  policy.time_zone = message.time_zone();
  policy.gift_price_max = Money(message.gift_price_max_minor());
  policy.tip_max = Money(message.tip_max_minor());
  policy.day_limit = Money(message.day_limit_minor());
  policy.month_limit = Money(message.month_limit_minor());
  policy.reminder_permille.assign(message.reminder_permille().begin(),
                                  message.reminder_permille().end());
  if (policy.reminder_permille.empty()) policy.reminder_permille = {300, 500, 800, 1000};
  policy.facts_max_age_ms = Milliseconds(message.facts_max_age());
  for (const v1::TierPolicy& tier : message.tiers()) policy.tiers.push_back(ToTier(tier));
  for (const v1::SettleDelayClass& delay : message.settle_delays()) {
    policy.settle_delays.push_back(ToSettleDelayClass(delay));
  }
  const v1::RechargePolicy& recharge = message.recharge();
  policy.recharge_single_max = Money(recharge.single_max_minor());
  policy.recharge_day_limit = Money(recharge.day_limit_minor());
  policy.recharge_month_limit = Money(recharge.month_limit_minor());
  policy.recharge_hold_ms = Milliseconds(recharge.hold_duration());
  if (message.minors().profile() == v1::MINOR_PROFILE_TIERED_2026) {
    policy.minor_profile = MinorProfile::kTiered2026;
    policy.limits_8_to_15 = ToMinorLimits(message.minors().age_8_to_15());
    policy.limits_16_to_17 = ToMinorLimits(message.minors().age_16_to_17());
  }
  for (const v1::PayerTier& tier : message.payer_tiers()) {
    policy.payer_tiers.push_back(ToPayerTier(tier));
  }
  policy.confirmation = ToConfirmationPolicy(message.confirmation());
  policy.cooling_off = ToCoolingOffPolicy(message.cooling_off());
  policy.raise_delay_ms = Milliseconds(message.self_limits().raise_delay());
  policy.sanctions = {.mute_factor = message.sanctions().mute_factor(),
                      .recovery_months = message.sanctions().recovery_months()};
  policy.tip_life = ToTipLifePolicy(message);
  policy.tier_change_at_once = message.tier_change_at_once();
  if (message.wallet() == v1::WALLET_MODE_MANAGED) policy.wallet = WalletMode::kManaged;
  return policy;
}

void FillPolicy(const Policy& policy, v1::TippingPolicy* out) {
  out->set_currency(policy.currency);
  out->set_time_zone(policy.time_zone);
  out->set_gift_price_max_minor(policy.gift_price_max.minor());
  out->set_tip_max_minor(policy.tip_max.minor());
  out->set_day_limit_minor(policy.day_limit.minor());
  out->set_month_limit_minor(policy.month_limit.minor());
  for (const int32_t permille : policy.reminder_permille) out->add_reminder_permille(permille);
  if (policy.facts_max_age_ms != 0) {
    SetMilliseconds(policy.facts_max_age_ms, out->mutable_facts_max_age());
  }
  for (const Tier& tier : policy.tiers) FillTier(tier, out->add_tiers());
  for (const SettleDelayClass& delay_class : policy.settle_delays) {
    v1::SettleDelayClass& added = *out->add_settle_delays();
    added.set_min_amount_minor(delay_class.min_amount.minor());
    SetMilliseconds(delay_class.settle_delay_ms, added.mutable_settle_delay());
  }
  FillRecharge(policy, out->mutable_recharge());
  FillMinors(policy, out->mutable_minors());
  for (const PayerTier& tier : policy.payer_tiers) {
    v1::PayerTier& added = *out->add_payer_tiers();
    added.set_name(std::string(tier.name.view()));
    FillLimits(tier.limits, added.mutable_limits());
  }
  const ConfirmationPolicy& confirmation = policy.confirmation;
  if (confirmation.day_permille != 0 || confirmation.month_permille != 0 ||
      !confirmation.is_strict) {
    FillConfirmation(confirmation, out->mutable_confirmation());
  }
  if (policy.cooling_off.duration_ms != 0) {
    FillCoolingOff(policy.cooling_off, out->mutable_cooling_off());
  }
  SetMilliseconds(policy.raise_delay_ms, out->mutable_self_limits()->mutable_raise_delay());
  out->mutable_sanctions()->set_mute_factor(policy.sanctions.mute_factor);
  out->mutable_sanctions()->set_recovery_months(policy.sanctions.recovery_months);
  FillTipLife(policy.tip_life, out);
  out->set_tier_change_at_once(policy.tier_change_at_once);
  if (policy.keeps_balances()) out->set_wallet(v1::WALLET_MODE_MANAGED);
}

void FillGiftCatalog(const GiftCatalog& catalog, v1::GiftCatalog* out) {
  for (const Gift& gift : catalog.gifts()) {
    v1::Gift& added = *out->add_gifts();
    added.set_gift_id(gift.id.value());
    added.set_name(gift.name);
    added.set_unit_price_minor(gift.unit_price.minor());
    added.set_is_disabled(!gift.is_enabled);
  }
}

GiftCatalog ToGiftCatalog(const v1::GiftCatalog& message) {
  std::vector<Gift> gifts;
  gifts.reserve(static_cast<size_t>(message.gifts_size()));
  for (const v1::Gift& gift : message.gifts()) {
    gifts.push_back({.id = GiftId(gift.gift_id()),
                     .name = gift.name(),
                     .unit_price = Money(gift.unit_price_minor()),
                     .is_enabled = !gift.is_disabled()});
  }
  return GiftCatalog(std::move(gifts));
}

bool SamePolicy(const Policy& a, const Policy& b) {
  Policy numbered = b;
  numbered.version = a.version;
  return FingerprintOf(a) == FingerprintOf(numbered);
}

bool SameCatalog(const GiftCatalog& a, const GiftCatalog& b) {
  return FingerprintOfCatalog(a) == FingerprintOfCatalog(b);
}

}  // namespace tipgate

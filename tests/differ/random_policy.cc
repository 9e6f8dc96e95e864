#include "tests/differ/random_policy.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tipgate::differ {
namespace {

using oracle::kDayMs;
using oracle::kHourMs;
using oracle::kMinuteMs;
using oracle::kSecondMs;

void DrawLimits(oracle::Policy* policy, Random* random) {
  policy->gift_price_max = random->Between(5, 400);
  policy->tip_max = random->Between(20, 1'500);
  policy->day_limit = random->Between(50, 4'000);
  policy->month_limit = policy->day_limit * random->Between(1, 4) + random->Below(100);
}

void DrawReminders(oracle::Policy* policy, Random* random) {
  policy->reminder_permille.clear();
  for (const int permille : {1, 100, 300, 333, 500, 800, 999, 1000}) {
    if (random->Below(2) == 0) policy->reminder_permille.push_back(permille);
  }
}

int64_t DrawSettleDelayMs(Random* random) {
  return random->OneOf<int64_t>({0, 1, kMinuteMs, kHourMs, kDayMs, 3 * kDayMs, 7 * kDayMs});
}

oracle::TierPolicy DrawTier(std::string name, Random* random) {
  return {.name = std::move(name),
          .session_received_max = random->Between(200, 12'000),
          .session_duration_max_ms =
              random->OneOf<int64_t>({kMinuteMs, kHourMs, 8 * kHourMs, 24 * kHourMs, 48 * kHourMs}),
          .sessions_per_day_max = random->Between(1, 6),
          .session_interval_ms = random->OneOf<int64_t>({0, 0, kSecondMs, kMinuteMs, kHourMs}),
          .settle_delay_ms = DrawSettleDelayMs(random)};
}

// A tier is missing now and then: a streamer may still be of it.
void DrawTiers(oracle::Policy* policy, Random* random) {
  policy->tiers.clear();
  for (const char* name : {"L1", "L2", "L3"}) {
    if (!random->Permille(40)) policy->tiers.push_back(DrawTier(name, random));
  }
  if (policy->tiers.empty()) policy->tiers.push_back(DrawTier("L1", random));
}

void DrawSettleDelays(oracle::Policy* policy, Random* random) {
  policy->settle_delays.clear();
  int64_t min_amount = 0;
  for (int64_t left = random->Below(3); left > 0; --left) {
    min_amount += random->Between(1, 300);
    policy->settle_delays.push_back({min_amount, DrawSettleDelayMs(random)});
  }
}

void DrawRecharge(oracle::Policy* policy, Random* random) {
  policy->recharge.single_max = random->Between(20, 1'500);
  policy->recharge.day_limit = random->Between(50, 3'000);
  policy->recharge.month_limit =
      policy->recharge.day_limit * random->Between(1, 4) + random->Below(100);
  policy->recharge.hold_ms =
      random->OneOf<int64_t>({kSecondMs, kMinuteMs, 30 * kMinuteMs, 24 * kHourMs});
}

// Who is older may pay as much, or more.
void DrawMinors(oracle::Policy* policy, Random* random) {
  policy->minors = {};
  if (random->Below(3) == 0) return;
  policy->minors.profile = oracle::MinorProfile::kTiered2026;
  oracle::MinorLimits& younger = policy->minors.age_8_to_15;
  oracle::MinorLimits& older = policy->minors.age_16_to_17;
  younger = {random->Between(5, 300), random->Between(5, 900)};
  older = {younger.single_max + random->Below(200), younger.day_limit + random->Below(600)};
}

void DrawPayerTiers(oracle::Policy* policy, Random* random) {
  policy->payer_tiers.clear();
  for (const char* name : {"gold", "silver"}) {
    if (random->Below(4) != 0) policy->payer_tiers[name] = RandomLimits(*policy, random);
  }
}

void DrawConfirm(oracle::Policy* policy, Random* random) {
  policy->confirm = {.day_permille = random->OneOf({0, 0, 1, 300, 500, 500, 999, 1000}),
                     .month_permille = random->OneOf({0, 0, 1, 300, 500, 500, 999, 1000}),
                     .strict_crossing = random->Below(3) != 0};
}

// Where there is a window, there is a count.
void DrawCoolingOff(oracle::Policy* policy, Random* random) {
  policy->cooling_off.reset();
  if (random->Below(3) == 0) return;
  oracle::CoolingOffPolicy cooling_off;
  if (random->Below(3) == 0) cooling_off.single_amount = random->Between(10, policy->tip_max);
  if (!cooling_off.single_amount.has_value() || random->Below(2) == 0) {
    cooling_off.window_ms =
        random->OneOf<int64_t>({kSecondMs, kMinuteMs, kMinuteMs, 10 * kMinuteMs, kHourMs});
    cooling_off.window_count = random->OneOf<int64_t>({1, 2, 3, 4, 5, 8, 20, 63, 64, 64});
    if (random->Below(3) != 0) cooling_off.window_amount = random->Between(10, policy->day_limit);
  }
  if (random->Below(3) == 0) {
    cooling_off.mode = oracle::CoolingOffMode::kHold;
    cooling_off.hold_ttl_ms = random->OneOf<int64_t>({kSecondMs, kMinuteMs, kHourMs});
  }
  cooling_off.duration_ms =
      random->OneOf<int64_t>({kSecondMs, kSecondMs + 1, 5 * kSecondMs, kMinuteMs, 5 * kMinuteMs});
  policy->cooling_off = cooling_off;
}

void DrawRaiseDelay(oracle::Policy* policy, Random* random) {
  policy->raise_delay_ms =
      random->OneOf<int64_t>({kSecondMs, kMinuteMs, 5 * kMinuteMs, kHourMs, kDayMs, 40 * kDayMs});
}

void DrawSanctions(oracle::Policy* policy, Random* random) {
  policy->mute_factor = random->Between(2, 3);
  policy->recovery_months = random->OneOf({1, 2, 3, 3, 12});
}

void DrawTipLife(oracle::Policy* policy, Random* random) {
  policy->tip_hold_ttl_ms = random->OneOf<int64_t>({kSecondMs, kMinuteMs, kHourMs});
  policy->remorse_window_ms =
      random->OneOf<int64_t>({0, 0, kSecondMs, kMinuteMs, kHourMs, 2 * kDayMs});
  policy->void_restores_headroom = random->Below(3) != 0;
  policy->shares.streamer_permille = random->OneOf<int64_t>({0, 1, 333, 500, 999, 1000});
  policy->shares.agency_permille =
      random->Below(2) == 0 ? 0 : random->Below(1001 - policy->shares.streamer_permille);
}

void DrawWallet(oracle::Policy* policy, Random* random) {
  policy->wallet_managed = random->Below(3) == 0;
}

void DrawTierChange(oracle::Policy* policy, Random* random) {
  policy->tier_change_at_once = random->Below(3) == 0;
}

void DrawFactsMaxAge(oracle::Policy* policy, Random* random) {
  policy->facts_max_age_ms.reset();
  if (random->Below(4) != 0) return;
  policy->facts_max_age_ms =
      random->OneOf<int64_t>({kHourMs, kDayMs, 5 * kDayMs, 20 * kDayMs, 60 * kDayMs});
}

}  // namespace

oracle::Limits RandomLimits(const oracle::Policy& policy, Random* random) {
  const auto draw = [random](int64_t limit) -> std::optional<int64_t> {
    if (random->Below(2) == 0) return std::nullopt;
    return random->Permille(20) ? 0 : random->Between(limit / 4, limit + limit / 4);
  };
  return {.tip_max = draw(policy.tip_max),
          .day = draw(policy.day_limit),
          .month = draw(policy.month_limit)};
}

oracle::Policy RandomPolicy(const std::string& time_zone, Random* random) {
  oracle::Policy policy;
  policy.time_zone = time_zone;
  for (const auto draw : {DrawLimits, DrawReminders, DrawTiers, DrawSettleDelays, DrawRecharge,
                          DrawMinors, DrawFactsMaxAge, DrawPayerTiers, DrawConfirm, DrawCoolingOff,
                          DrawRaiseDelay, DrawSanctions, DrawTipLife, DrawWallet, DrawTierChange}) {
    draw(&policy, random);
  }
  return policy;
}

oracle::Policy ChangedPolicy(const oracle::Policy& policy, Random* random) {
  oracle::Policy changed = policy;
  for (int i = 0; i < 2; ++i) {
    const auto draw = random->OneOf({DrawLimits, DrawLimits, DrawReminders, DrawTiers,
                                     DrawSettleDelays, DrawRecharge, DrawMinors, DrawFactsMaxAge,
                                     DrawPayerTiers, DrawConfirm, DrawCoolingOff, DrawRaiseDelay,
                                     DrawSanctions, DrawTipLife, DrawWallet, DrawTierChange});
    draw(&changed, random);
  }
  return changed;
}

std::vector<oracle::Gift> RandomGifts(const oracle::Policy& policy, Random* random) {
  std::vector<oracle::Gift> gifts = {{.gift_id = 1, .unit_price = 1}};
  for (int64_t id = 2; id <= 5; ++id) {
    const int64_t price = random->Below(3) == 0 ? policy.gift_price_max - random->Below(2)
                                                : random->Between(1, policy.gift_price_max);
    gifts.push_back({.gift_id = id,
                     .unit_price = std::max<int64_t>(1, price),
                     .is_disabled = random->Permille(100)});
  }
  return gifts;
}

}  // namespace tipgate::differ

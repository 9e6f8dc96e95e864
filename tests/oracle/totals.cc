#include "tests/oracle/totals.h"

#include <functional>

namespace tipgate::oracle {
namespace {

using IsCounted = std::function<bool(const Tip&)>;

int64_t SumOfTips(const World& world, const std::map<int64_t, std::vector<std::size_t>>& places,
                  int64_t id, const IsCounted& is_counted) {
  int64_t sum = 0;
  const auto found = places.find(id);
  if (found == places.end()) return sum;
  for (const std::size_t place : found->second) {
    const Tip& tip = world.tips[place];
    if (is_counted(tip)) sum += CountedAmount(tip);
  }
  return sum;
}

int64_t SumOfRecharges(const World& world, int64_t payer_id,
                       const std::function<bool(const Recharge&)>& is_in_period) {
  int64_t sum = 0;
  const auto found = world.recharges_of_payer.find(payer_id);
  if (found == world.recharges_of_payer.end()) return sum;
  for (const int64_t recharge_id : found->second) {
    const Recharge& recharge = world.recharges.at(recharge_id);
    const bool is_counted =
        recharge.state == RechargeState::kHeld || recharge.state == RechargeState::kCaptured;
    if (is_counted && is_in_period(recharge)) sum += recharge.amount;
  }
  return sum;
}

}  // namespace

// Rule L1: held or not, it counts.
int64_t CountedAmount(const Tip& tip) {
  return tip.amount - tip.released + tip.released_but_counted;
}

int64_t TipDayTotal(const World& world, int64_t now_ms, int64_t payer_id) {
  const absl::CivilDay today = world.calendar->DayAt(now_ms);
  return SumOfTips(world, world.tips_of_payer, payer_id,
                   [&](const Tip& tip) { return tip.day == today; });
}

int64_t TipMonthTotal(const World& world, int64_t now_ms, int64_t payer_id) {
  const absl::CivilMonth this_month = world.calendar->MonthAt(now_ms);
  return SumOfTips(world, world.tips_of_payer, payer_id,
                   [&](const Tip& tip) { return tip.month == this_month; });
}

int64_t SessionTotal(const World& world, int64_t session_id) {
  return SumOfTips(world, world.tips_of_session, session_id, [](const Tip&) { return true; });
}

int64_t RechargeDayTotal(const World& world, int64_t now_ms, int64_t payer_id) {
  const absl::CivilDay today = world.calendar->DayAt(now_ms);
  return SumOfRecharges(world, payer_id,
                        [&](const Recharge& recharge) { return recharge.day == today; });
}

int64_t RechargeMonthTotal(const World& world, int64_t now_ms, int64_t payer_id) {
  const absl::CivilMonth this_month = world.calendar->MonthAt(now_ms);
  return SumOfRecharges(world, payer_id,
                        [&](const Recharge& recharge) { return recharge.month == this_month; });
}

}  // namespace tipgate::oracle

#include "tests/oracle/confirmation_rules.h"

#include "tests/oracle/limits.h"
#include "tests/oracle/search.h"
#include "tests/oracle/totals.h"

namespace tipgate::oracle {
namespace {

// The gate of one period, with how its total and limit are found at any time.
struct Gate {
  Period period;
  int permille;
  EffectiveLimit (*limit_at)(const World&, int64_t, int64_t);
  int64_t (*total_at)(const World&, int64_t, int64_t);
};

bool IsPassed(const World& world, int64_t now_ms, int64_t payer_id, Period period) {
  for (const PassedGate& passed : world.passed_gates) {
    if (passed.payer_id != payer_id || passed.period != period) continue;
    const bool is_this_period = period == Period::kDay
                                    ? passed.day == world.calendar->DayAt(now_ms)
                                    : passed.month == world.calendar->MonthAt(now_ms);
    if (is_this_period) return true;
  }
  return false;
}

// Strict: the tip would take the total to the gate. Loose: the total is there already.
bool Refuses(const World& world, int64_t now_ms, int64_t payer_id, int64_t amount,
             const Gate& gate) {
  if (IsPassed(world, now_ms, payer_id, gate.period)) return false;
  int64_t total = gate.total_at(world, now_ms, payer_id);
  if (world.policy->confirm.strict_crossing) total += amount;
  return total * 1000 >= gate.limit_at(world, now_ms, payer_id).amount * gate.permille;
}

void GateStands(const World& world, int64_t now_ms, int64_t payer_id, int64_t amount,
                const Gate& gate, Violations& violations) {
  if (gate.permille == 0 || !Refuses(world, now_ms, payer_id, amount, gate)) return;
  std::vector<int64_t> times_ms = RaiseTimes(world, payer_id);
  times_ms.push_back(gate.period == Period::kDay ? world.calendar->NextDayStart(now_ms)
                                                 : world.calendar->NextMonthStart(now_ms));
  const EffectiveLimit limit = gate.limit_at(world, now_ms, payer_id);
  violations.push_back({.code = Code::kConfirmationRequired,
                        .origin = limit.origin,
                        .limit = (limit.amount * gate.permille + 999) / 1000,
                        .used = gate.total_at(world, now_ms, payer_id),
                        .requested = amount,
                        .retry_time_ms = FirstCure(now_ms, times_ms, [&](int64_t time_ms) {
                          return Refuses(world, time_ms, payer_id, amount, gate);
                        })});
}

}  // namespace

void ConfirmationRequired(const World& world, int64_t now_ms, int64_t payer_id, int64_t amount,
                          Violations& violations) {
  const ConfirmPolicy& policy = world.policy->confirm;
  GateStands(world, now_ms, payer_id, amount,
             {Period::kDay, policy.day_permille, DayLimitWithBand, TipDayTotal}, violations);
  GateStands(world, now_ms, payer_id, amount,
             {Period::kMonth, policy.month_permille, MonthLimit, TipMonthTotal}, violations);
}

}  // namespace tipgate::oracle

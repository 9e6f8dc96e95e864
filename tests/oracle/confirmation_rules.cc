#include "tests/oracle/confirmation_rules.h"

#include <functional>
#include <vector>

#include "tests/oracle/limits.h"
#include "tests/oracle/search.h"
#include "tests/oracle/totals.h"

namespace tipgate::oracle {
namespace {

// The gate of one period, with how its total and limit are found at any time.
struct Gate {
  Period period;
  int permille;
  std::function<EffectiveLimit(int64_t)> limit_at;
  int64_t (*total_at)(const World&, int64_t, int64_t);
};

// Strict: the tip would take the total to the gate. Loose: the total is there already.
bool Refuses(const World& world, int64_t now_ms, const TipQuestion& question, const Gate& gate) {
  if (GateIsPassed(world, now_ms, question.payer_id, gate.period)) return false;
  int64_t total = gate.total_at(world, now_ms, question.payer_id);
  if (world.policy->confirm.strict_crossing) total += question.amount;
  return total * 1000 >= gate.limit_at(now_ms).amount * gate.permille;
}

void GateStands(const World& world, int64_t now_ms, const TipQuestion& question, const Gate& gate,
                Violations& violations) {
  if (gate.permille == 0 || !Refuses(world, now_ms, question, gate)) return;
  std::vector<int64_t> times_ms = RaiseTimes(world, question.payer_id);
  times_ms.push_back(gate.period == Period::kDay ? world.calendar->NextDayStart(now_ms)
                                                 : world.calendar->NextMonthStart(now_ms));
  const EffectiveLimit limit = gate.limit_at(now_ms);
  violations.push_back({.code = Code::kConfirmationRequired,
                        .origin = limit.origin,
                        .limit = GateThreshold(limit.amount, gate.permille),
                        .used = gate.total_at(world, now_ms, question.payer_id),
                        .requested = question.amount,
                        .retry_time_ms = FirstCure(now_ms, times_ms, [&](int64_t time_ms) {
                          return Refuses(world, time_ms, question, gate);
                        })});
}

}  // namespace

void ConfirmationRequired(const World& world, int64_t now_ms, const TipQuestion& question,
                          Violations& violations) {
  const ConfirmPolicy& policy = world.policy->confirm;
  const int64_t age_time_ms = question.age_time_ms.value_or(now_ms);
  const auto day_limit_at = [&](int64_t time_ms) {
    return DayLimitWithBand(world, time_ms, question.payer_id, age_time_ms);
  };
  const auto month_limit_at = [&](int64_t time_ms) {
    return MonthLimit(world, time_ms, question.payer_id);
  };
  GateStands(world, now_ms, question,
             {Period::kDay, policy.day_permille, day_limit_at, TipDayTotal}, violations);
  GateStands(world, now_ms, question,
             {Period::kMonth, policy.month_permille, month_limit_at, TipMonthTotal}, violations);
}

int64_t GateThreshold(int64_t limit, int permille) { return (limit * permille + 999) / 1000; }

bool GateIsPassed(const World& world, int64_t now_ms, int64_t payer_id, Period period) {
  for (const PassedGate& passed : world.passed_gates) {
    if (passed.payer_id != payer_id || passed.period != period) continue;
    const bool is_this_period = period == Period::kDay
                                    ? passed.day == world.calendar->DayAt(now_ms)
                                    : passed.month == world.calendar->MonthAt(now_ms);
    if (is_this_period) return true;
  }
  return false;
}

}  // namespace tipgate::oracle

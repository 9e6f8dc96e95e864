#include "tests/oracle/recharge_rules.h"

#include "tests/oracle/control_rules.h"
#include "tests/oracle/payer_rules.h"
#include "tests/oracle/search.h"
#include "tests/oracle/totals.h"

namespace tipgate::oracle {
namespace {

// R7
void RechargeCap(const World& world, const RechargeQuestion& question, Violations& violations) {
  const int64_t limit = world.policy->recharge.single_max;
  if (question.amount <= limit) return;
  violations.push_back({.code = Code::kRechargeCap,
                        .origin = LimitOrigin::kPolicy,
                        .limit = limit,
                        .requested = question.amount});
}

// R8, R9. The total of a period would pass its limit; a new period may cure it.
void PeriodLimit(Code code, int64_t limit, int64_t now_ms, int64_t next_period_ms, int64_t amount,
                 const std::function<int64_t(int64_t)>& total_at, Violations& violations) {
  const auto refuses_at = [&](int64_t time_ms) { return total_at(time_ms) + amount > limit; };
  if (!refuses_at(now_ms)) return;
  violations.push_back({.code = code,
                        .origin = LimitOrigin::kPolicy,
                        .limit = limit,
                        .used = total_at(now_ms),
                        .requested = amount,
                        .retry_time_ms = FirstCure(now_ms, {next_period_ms}, refuses_at)});
}

}  // namespace

Violations RechargeViolations(const World& world, int64_t now_ms,
                              const RechargeQuestion& question) {
  Violations violations;
  const int64_t payer_id = question.payer_id;
  const auto day_total_at = [&](int64_t time_ms) {
    return RechargeDayTotal(world, time_ms, payer_id);
  };
  const auto month_total_at = [&](int64_t time_ms) {
    return RechargeMonthTotal(world, time_ms, payer_id);
  };
  RechargeStopped(world, question.app, violations);
  MinorBlocked(world, now_ms, payer_id, question.amount, day_total_at, violations);
  YouthMode(world, payer_id, violations);
  RealNameRequired(world, now_ms, payer_id, violations);
  PayerFrozen(world, payer_id, violations);
  PayerPaused(world, now_ms, payer_id, violations);
  RechargeCap(world, question, violations);
  const RechargePolicy& policy = world.policy->recharge;
  PeriodLimit(Code::kRechargeDayLimit, policy.day_limit, now_ms,
              world.calendar->NextDayStart(now_ms), question.amount, day_total_at, violations);
  PeriodLimit(Code::kRechargeMonthLimit, policy.month_limit, now_ms,
              world.calendar->NextMonthStart(now_ms), question.amount, month_total_at, violations);
  return violations;
}

int64_t RechargeAmountMax(const World& world, int64_t now_ms, RechargeQuestion question) {
  return LargestPassing(world.policy->recharge.single_max, [&](int64_t amount) {
    question.amount = amount;
    return RechargeViolations(world, now_ms, question).empty();
  });
}

std::optional<int64_t> RechargeRetryTime(const World& world, int64_t now_ms,
                                         const RechargeQuestion& question) {
  return RetryTime(now_ms,
                   [&](int64_t time_ms) { return RechargeViolations(world, time_ms, question); });
}

}  // namespace tipgate::oracle

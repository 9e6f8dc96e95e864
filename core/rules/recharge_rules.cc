#include "core/rules/recharge_rules.h"

#include <algorithm>

#include "core/rules/limit.h"
#include "core/rules/payer_rules.h"
#include "core/rules/stop_rules.h"

namespace tipgate {
namespace {

// R7
bool RechargeCap(const RechargeContext& context, Violation* violation) {
  return IsAboveLimit({.amount = context.policy.recharge_single_max}, Money(), context.amount,
                      violation);
}

// R8
bool DayLimit(const RechargeContext& context, Violation* violation) {
  return IsAbovePeriodLimit({.amount = context.policy.recharge_day_limit}, context.day_total,
                            context.amount, context.now.day_end_ms, violation);
}

// R9
bool MonthLimit(const RechargeContext& context, Violation* violation) {
  return IsAbovePeriodLimit({.amount = context.policy.recharge_month_limit}, context.month_total,
                            context.amount, context.now.month_end_ms, violation);
}

constexpr RechargeRuleEntry kRechargeRules[] = {
    {RejectionCode::kEmergencyStop, false, RechargeStopped},
    {RejectionCode::kMinorBlocked, false, MinorBlocked},
    {RejectionCode::kMinorBlocked, true, MinorLimit},
    {RejectionCode::kYouthMode, false, YouthMode},
    {RejectionCode::kRealNameRequired, false, RealNameRequired},
    {RejectionCode::kPayerFrozen, false, PayerFrozen},
    {RejectionCode::kPayerPaused, false, PayerPaused},
    {RejectionCode::kRechargeCap, true, RechargeCap},
    {RejectionCode::kRechargeDayLimit, true, DayLimit},
    {RejectionCode::kRechargeMonthLimit, true, MonthLimit},
};

}  // namespace

absl::Span<const RechargeRuleEntry> RechargeRules() { return kRechargeRules; }

Money RechargeAmountMax(const RechargeContext& context, Money counted_day, Money counted_month) {
  for (const RechargeRuleEntry& rule : kRechargeRules) {
    Violation ignored;
    if (!rule.is_about_amount && rule.refuses(context, &ignored)) return Money();
  }
  const MinorLimits* const minor = context.minor_limits;
  const Money amount_max = std::min({
      minor == nullptr ? context.policy.recharge_single_max
                       : std::min(context.policy.recharge_single_max, minor->single_max),
      WithMinor({.amount = context.policy.recharge_day_limit}, minor).amount - context.day_total -
          counted_day,
      context.policy.recharge_month_limit - context.month_total - counted_month,
  });
  return std::max(amount_max, Money());
}

}  // namespace tipgate

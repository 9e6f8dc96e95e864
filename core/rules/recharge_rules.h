#pragma once

#include "absl/types/span.h"
#include "core/calendar.h"
#include "core/decision.h"
#include "core/payer.h"
#include "core/payer_controls.h"
#include "core/policy.h"
#include "core/stops.h"

namespace tipgate {

// All that the rules may look at for one recharge. The payer is null if not known.
struct RechargeContext {
  const Moment& now;
  const Policy& policy;
  const Stops& stops;
  const ActorName& app;  // that asked for it first; empty: not known
  const Payer* payer;
  const PayerControls* controls;    // null if there are none
  const MinorLimits* minor_limits;  // null unless the payer is a minor who may pay
  Money amount;
  Money day_total;  // held and captured recharges of the payer, before this one
  Money month_total;
};

struct RechargeRuleEntry {
  RejectionCode code;
  // True if a smaller amount would pass this rule.
  bool is_about_amount;
  bool (*refuses)(const RechargeContext& context, Violation* violation);
};

// All rules for recharges, in the order in which they are reported.
absl::Span<const RechargeRuleEntry> RechargeRules();

// The largest recharge that would pass, if these had been counted before (or taken back, if
// negative); never negative, and 0 if a rule refuses any amount.
Money RechargeAmountMax(const RechargeContext& context, Money counted_day, Money counted_month);

}  // namespace tipgate

#pragma once

#include "absl/types/span.h"
#include "core/calendar.h"
#include "core/decision.h"
#include "core/payer.h"
#include "core/policy.h"
#include "core/record.h"
#include "core/session.h"
#include "core/streamer.h"

namespace tipgate {

// All that the rules may look at for one tip. Pointers are null for what is not known.
struct TipContext {
  const TipRequest& request;
  const Moment& now;
  const Policy& policy;
  const Gift* gift;
  const Payer* payer;
  const MinorLimits* minor_limits;  // null unless the payer is a minor who may pay
  const Streamer* streamer;
  const Session* session;
  const Tier* tier;  // of the session
  Money amount;
  Money day_total;  // the payer's, before this tip
  Money month_total;
};

// One rule: true if it refuses; then `violation` says why, all but its code.
using TipRule = bool (*)(const TipContext& context, Violation* violation);

struct TipRuleEntry {
  RejectionCode code;
  // True if a smaller amount would pass this rule; then amount_max is a matter of limits alone.
  bool is_about_amount;
  TipRule refuses;
};

// All rules for tips, in the order in which they are reported.
absl::Span<const TipRuleEntry> TipRules();

// The largest amount that would pass the rules about amounts, if `counted` had been counted before;
// never negative.
Money TipAmountMax(const TipContext& context, Money counted);

// The largest number of pieces at `unit_price` within `amount`, at most kCountMax.
int32_t CountWithin(Money amount, Money unit_price);

}  // namespace tipgate

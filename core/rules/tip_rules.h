#pragma once

#include "absl/types/span.h"
#include "core/calendar.h"
#include "core/decision.h"
#include "core/entry.h"
#include "core/payer.h"
#include "core/policy.h"
#include "core/recent_tips.h"
#include "core/record.h"
#include "core/rules/limit.h"
#include "core/session.h"
#include "core/stops.h"
#include "core/streamer.h"

namespace tipgate {

// All that the rules may look at for one tip. Pointers are null for what is not known.
struct TipContext {
  const TipRequest& request;
  const Moment& now;
  const Policy& policy;
  const Stops& stops;
  const Gift* gift;
  const Payer* payer;
  const PayerControls* controls;    // null if there are none
  const RecentTips* recent;         // null if there are none
  const MinorLimits* minor_limits;  // null unless the payer is a minor who may pay
  TipLimits limits;                 // those of rules T14, T16, T17
  const Streamer* streamer;
  const Session* session;
  const Tier* tier;  // that holds in the session; null: the policy has it no more
  int64_t session_end_ms = 0;
  Money amount;
  Money day_total;  // the payer's, before this tip
  Money month_total;
};

// The limits that a payer is told of and confirms at: those of the rules T16 and T17, and of the
// age band.
inline Limit DayLimitOf(const TipContext& context) {
  return WithMinor(context.limits.day_limit, context.minor_limits);
}

// One rule: true if it refuses; then `violation`, which is empty, says why, all but its code. Else
// it stays empty.
using TipRule = bool (*)(const TipContext& context, Violation* violation);

struct TipRuleEntry {
  RejectionCode code;
  // True if a smaller amount would pass this rule; then amount_max is a matter of limits alone.
  bool is_about_amount;
  TipRule refuses;
};

// All rules for tips, in the order in which they are reported.
absl::Span<const TipRuleEntry> TipRules();

// Runs them all and notes those that refuse. True if one of them would refuse any amount.
bool NoteTipViolations(const TipContext& context, Entry* entry, Slice<Violation>* violations);

// The largest amount that would pass the rules about amounts, if `counted` had been counted before;
// never negative.
Money TipAmountMax(const TipContext& context, Money counted);

// The first moment, `time_ms` or later, at which no gate refuses that the payer has passed in the
// periods of now and that stands again in those of then; 0 if there is none.
int64_t GatesPassFromMs(const TipContext& context, int64_t time_ms);

// The largest number of pieces at `unit_price` within `amount`, at most kCountMax.
int32_t CountWithin(Money amount, Money unit_price);

}  // namespace tipgate

#include "core/rules/tip_rules.h"

#include <algorithm>
#include <utility>

#include "core/rules/confirmation_gate.h"
#include "core/rules/cooling_off.h"
#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"
#include "core/rules/payer_rules.h"
#include "core/rules/sanction_rules.h"
#include "core/rules/stop_rules.h"
#include "core/rules/violations.h"

namespace tipgate {
namespace {

// T7
bool StreamerUnavailable(const TipContext& context, Violation*) {
  return !IsAvailable(context.streamer, context.policy, context.now);
}

bool IsOfStreamer(const TipContext& context) {
  return context.session != nullptr && context.session->streamer == context.request.streamer;
}

// T9
bool SessionNotOpen(const TipContext& context, Violation*) {
  return !IsOfStreamer(context) || !context.session->is_open();
}

// T10
bool SessionOvertime(const TipContext& context, Violation*) {
  return IsOfStreamer(context) && context.now.time_ms >= context.session_end_ms;
}

// T11
bool SelfTip(const TipContext& context, Violation*) {
  return context.streamer != nullptr && context.streamer->payer == context.request.payer;
}

// T12
bool GiftUnknown(const TipContext& context, Violation* violation) {
  if (context.gift == nullptr || !context.gift->is_enabled) return true;
  if (context.gift->unit_price == context.request.unit_price) return false;
  violation->origin = LimitOrigin::kPolicy;
  violation->limit = context.gift->unit_price.minor();
  violation->requested = context.request.unit_price.minor();
  return true;
}

// T13
bool GiftPriceCap(const TipContext& context, Violation* violation) {
  if (context.request.unit_price <= context.policy.gift_price_max) return false;
  violation->origin = LimitOrigin::kPolicy;
  violation->limit = context.policy.gift_price_max.minor();
  violation->requested = context.request.unit_price.minor();
  return true;
}

template <typename Predicate>
int64_t FirstTimeThat(const TipContext& context, int64_t period_end_ms, Predicate passes) {
  return FirstTimeThat(context.policy, context.controls, context.now.time_ms, period_end_ms,
                       passes);
}

// T14
bool TipCap(const TipContext& context, Violation* violation) {
  if (!IsAboveLimit(context.limits.tip_max, Money(), context.amount, violation)) return false;
  violation->retry_time_ms = FirstTimeThat(context, 0, [&](const TipLimits& limits, bool) {
    return context.amount <= limits.tip_max.amount;
  });
  return true;
}

// T15, unless the policy lets tips be held meanwhile.
bool CoolingOff(const TipContext& context, Violation* violation) {
  if (!RefusesTips(context.policy.cooling_off, context.controls, context.now.time_ms)) return false;
  violation->retry_time_ms = context.controls->cooling_off_end_ms;
  return true;
}

// T16, T17: a limit of a period, and what was used of it.
bool PeriodLimit(const TipContext& context, Limit TipLimits::*limit, Money used,
                 int64_t period_end_ms, Violation* violation) {
  if (!IsAboveLimit(context.limits.*limit, used, context.amount, violation)) return false;
  violation->retry_time_ms =
      FirstTimeThat(context, period_end_ms, [&](const TipLimits& limits, bool is_over) {
        return (is_over ? Money() : used) + context.amount <= (limits.*limit).amount;
      });
  return true;
}

// T16
bool DayLimit(const TipContext& context, Violation* violation) {
  return PeriodLimit(context, &TipLimits::day_limit, context.day_total, context.now.day_end_ms,
                     violation);
}

// T17
bool MonthLimit(const TipContext& context, Violation* violation) {
  return PeriodLimit(context, &TipLimits::month_limit, context.month_total,
                     context.now.month_end_ms, violation);
}

// T18, of the day and of the month. K2: there is no gate once it was passed in this period.
ConfirmationGate DayGate(const TipContext& context, const TipLimits& limits, bool is_other_day) {
  const bool is_passed = !is_other_day && context.controls != nullptr &&
                         context.controls->confirmed_day == context.now.day;
  const ConfirmationPolicy& policy = context.policy.confirmation;
  return {.limit = WithMinor(limits.day_limit, context.minor_limits),
          .permille = is_passed ? 0 : policy.day_permille,
          .is_strict = policy.is_strict};
}

ConfirmationGate MonthGate(const TipContext& context, const TipLimits& limits,
                           bool is_other_month) {
  const bool is_passed = !is_other_month && context.controls != nullptr &&
                         context.controls->confirmed_month == context.now.month;
  const ConfirmationPolicy& policy = context.policy.confirmation;
  return {.limit = limits.month_limit,
          .permille = is_passed ? 0 : policy.month_permille,
          .is_strict = policy.is_strict};
}

// T18. The gate is a constant, so that the compiler sees that there mostly is none.
template <auto kGateOf>
bool ConfirmationRequired(const TipContext& context, Period period, Money used,
                          int64_t period_end_ms, Violation* violation) {
  const ConfirmationGate gate = kGateOf(context, context.limits, false);
  if (!gate.Refuses(used, context.amount)) return false;
  violation->period = period;
  violation->origin = gate.limit.origin;
  violation->limit = gate.threshold().minor();
  violation->used = used.minor();
  violation->requested = context.amount.minor();
  violation->retry_time_ms =
      FirstTimeThat(context, period_end_ms, [&](const TipLimits& limits, bool is_over) {
        return !kGateOf(context, limits, is_over).Refuses(is_over ? Money() : used, context.amount);
      });
  return true;
}

bool DayConfirmation(const TipContext& context, Violation* violation) {
  return ConfirmationRequired<DayGate>(context, Period::kDay, context.day_total,
                                       context.now.day_end_ms, violation);
}

bool MonthConfirmation(const TipContext& context, Violation* violation) {
  return ConfirmationRequired<MonthGate>(context, Period::kMonth, context.month_total,
                                         context.now.month_end_ms, violation);
}

// A session whose tier the policy no longer has may receive nothing more.
Money SessionReceivedMax(const TipContext& context) {
  return context.tier == nullptr ? Money() : context.tier->session_received_max;
}

// T19
bool SessionCap(const TipContext& context, Violation* violation) {
  return IsOfStreamer(context) &&
         IsAboveLimit({.amount = SessionReceivedMax(context), .origin = LimitOrigin::kTier},
                      context.session->received, context.amount, violation);
}

// T20
bool InsufficientBalance(const TipContext& context, Violation* violation) {
  const Money balance = BalanceOf(context.payer);
  if (!context.policy.keeps_balances() || context.amount <= balance) return false;
  violation->limit = balance.minor();
  violation->requested = context.amount.minor();
  return true;
}

constexpr TipRuleEntry kTipRules[] = {
    {RejectionCode::kEmergencyStop, false, TipStopped},
    {RejectionCode::kMinorBlocked, false, MinorBlocked},
    {RejectionCode::kMinorBlocked, true, MinorLimit},
    {RejectionCode::kYouthMode, false, YouthMode},
    {RejectionCode::kRealNameRequired, false, RealNameRequired},
    {RejectionCode::kPayerFrozen, false, PayerFrozen},
    {RejectionCode::kPayerPaused, false, PayerPaused},
    {RejectionCode::kStreamerUnavailable, false, StreamerUnavailable},
    {RejectionCode::kStreamerSuspended, false, StreamerSuspended},
    {RejectionCode::kSessionNotOpen, false, SessionNotOpen},
    {RejectionCode::kSessionOvertime, false, SessionOvertime},
    {RejectionCode::kSelfTip, false, SelfTip},
    {RejectionCode::kGiftUnknown, false, GiftUnknown},
    {RejectionCode::kGiftPriceCap, false, GiftPriceCap},
    {RejectionCode::kTipCap, true, TipCap},
    {RejectionCode::kCoolingOff, false, CoolingOff},
    {RejectionCode::kDayLimit, true, DayLimit},
    {RejectionCode::kMonthLimit, true, MonthLimit},
    {RejectionCode::kConfirmationRequired, true, DayConfirmation},
    {RejectionCode::kConfirmationRequired, true, MonthConfirmation},
    {RejectionCode::kSessionCap, true, SessionCap},
    {RejectionCode::kInsufficientBalance, true, InsufficientBalance},
};

}  // namespace

absl::Span<const TipRuleEntry> TipRules() { return kTipRules; }

bool NoteTipViolations(const TipContext& context, Entry* entry, Slice<Violation>* violations) {
  return NoteViolations<kTipRules>(context, entry, violations);
}

Money TipAmountMax(const TipContext& context, Money counted) {
  const Money session_left = IsOfStreamer(context)
                                 ? SessionReceivedMax(context) - context.session->received - counted
                                 : Money();
  const MinorLimits* const minor = context.minor_limits;
  const Money tip_max = context.limits.tip_max.amount;
  const Money day_used = context.day_total + counted;
  const Money month_used = context.month_total + counted;
  const Money amount_max = std::min({
      minor == nullptr ? tip_max : std::min(tip_max, minor->single_max),
      DayLimitOf(context).amount - day_used,
      context.limits.month_limit.amount - month_used,
      DayGate(context, context.limits, false).Room(day_used),
      MonthGate(context, context.limits, false).Room(month_used),
      session_left,
      context.policy.keeps_balances() ? BalanceOf(context.payer) - counted : kNoLimit,
  });
  return std::max(amount_max, Money());
}

int64_t GatesPassFromMs(const TipContext& context, int64_t time_ms) {
  const std::pair<int64_t, decltype(&DayGate)> gates[] = {{context.now.day_end_ms, DayGate},
                                                          {context.now.month_end_ms, MonthGate}};
  for (bool has_moved = true; has_moved;) {
    has_moved = false;
    for (const auto& [period_end_ms, gate_of] : gates) {
      const auto passes = [&, gate = gate_of](const TipLimits& limits, bool) {
        return !gate(context, limits, true).Refuses(Money(), context.amount);
      };
      const bool is_anew = time_ms >= period_end_ms;
      if (!is_anew || passes(EffectiveLimits(context.policy, context.controls, time_ms), true)) {
        continue;
      }
      time_ms = FirstTimeThat(context.policy, context.controls, time_ms, 0, passes);
      if (time_ms == 0) return 0;
      has_moved = true;  // perhaps into the next period of the other gate
    }
  }
  return time_ms;
}

int32_t CountWithin(Money amount, Money unit_price) {
  const int64_t count = amount.minor() / unit_price.minor();
  return static_cast<int32_t>(std::min<int64_t>(count, kCountMax));
}

}  // namespace tipgate

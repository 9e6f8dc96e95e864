#include "core/rules/tip_rules.h"

#include <algorithm>

#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"
#include "core/rules/payer_rules.h"

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
  return IsOfStreamer(context) && context.now.time_ms >= context.session->max_end_time_ms;
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

// T14
bool TipCap(const TipContext& context, Violation* violation) {
  return IsAboveLimit(context.policy.tip_max, LimitOrigin::kPolicy, Money(), context.amount,
                      violation);
}

// T16
bool DayLimit(const TipContext& context, Violation* violation) {
  return IsAbovePeriodLimit({.amount = context.policy.day_limit}, context.day_total, context.amount,
                            context.now.day_end_ms, violation);
}

// T17
bool MonthLimit(const TipContext& context, Violation* violation) {
  return IsAbovePeriodLimit({.amount = context.policy.month_limit}, context.month_total,
                            context.amount, context.now.month_end_ms, violation);
}

// A session whose tier the policy no longer has may receive nothing more.
Money SessionReceivedMax(const TipContext& context) {
  return context.tier == nullptr ? Money() : context.tier->session_received_max;
}

// T19
bool SessionCap(const TipContext& context, Violation* violation) {
  return IsOfStreamer(context) &&
         IsAboveLimit(SessionReceivedMax(context), LimitOrigin::kTier, context.session->received,
                      context.amount, violation);
}

constexpr TipRuleEntry kTipRules[] = {
    {RejectionCode::kMinorBlocked, false, MinorBlocked},
    {RejectionCode::kMinorBlocked, true, MinorLimit},
    {RejectionCode::kYouthMode, false, YouthMode},
    {RejectionCode::kRealNameRequired, false, RealNameRequired},
    {RejectionCode::kPayerPaused, false, PayerPaused},
    {RejectionCode::kStreamerUnavailable, false, StreamerUnavailable},
    {RejectionCode::kSessionNotOpen, false, SessionNotOpen},
    {RejectionCode::kSessionOvertime, false, SessionOvertime},
    {RejectionCode::kSelfTip, false, SelfTip},
    {RejectionCode::kGiftUnknown, false, GiftUnknown},
    {RejectionCode::kGiftPriceCap, false, GiftPriceCap},
    {RejectionCode::kTipCap, true, TipCap},
    {RejectionCode::kDayLimit, true, DayLimit},
    {RejectionCode::kMonthLimit, true, MonthLimit},
    {RejectionCode::kSessionCap, true, SessionCap},
};

}  // namespace

absl::Span<const TipRuleEntry> TipRules() { return kTipRules; }

Money TipAmountMax(const TipContext& context, Money counted) {
  const Money session_left = IsOfStreamer(context)
                                 ? SessionReceivedMax(context) - context.session->received - counted
                                 : Money();
  const MinorLimits* const minor = context.minor_limits;
  const Money amount_max = std::min({
      minor == nullptr ? context.policy.tip_max
                       : std::min(context.policy.tip_max, minor->single_max),
      EffectiveDayLimit(context.policy.day_limit, minor).amount - context.day_total - counted,
      context.policy.month_limit - context.month_total - counted,
      session_left,
  });
  return std::max(amount_max, Money());
}

int32_t CountWithin(Money amount, Money unit_price) {
  const int64_t count = amount.minor() / unit_price.minor();
  return static_cast<int32_t>(std::min<int64_t>(count, kCountMax));
}

}  // namespace tipgate

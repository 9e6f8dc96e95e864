#include "core/rules/session_rules.h"

#include "core/rules/fact_rules.h"
#include "core/rules/sanction_rules.h"

namespace tipgate {
namespace {

// S1. A streamer whose tier the policy no longer has cannot go live either: there is no cap to hold
// them to.
bool StreamerUnavailable(const SessionContext& context, Violation*) {
  return !IsAvailable(context.streamer, context.policy, context.now) || context.tier == nullptr;
}

// S3
bool SessionAlreadyOpen(const SessionContext& context, Violation*) {
  return context.streamer != nullptr && context.streamer->open_session.is_set();
}

// S4
bool SessionCountLimit(const SessionContext& context, Violation* violation) {
  if (context.streamer == nullptr || context.tier == nullptr) return false;
  const int32_t opened = context.streamer->SessionsToday(context.now.day);
  if (opened < context.tier->sessions_per_day_max) return false;
  violation->origin = LimitOrigin::kTier;
  violation->limit = context.tier->sessions_per_day_max;
  violation->used = opened;
  violation->requested = 1;
  violation->retry_time_ms = context.now.day_end_ms;
  return true;
}

// S5
bool SessionInterval(const SessionContext& context, Violation* violation) {
  if (context.streamer == nullptr || context.tier == nullptr) return false;
  if (context.streamer->last_session_end_ms == 0) return false;
  const int64_t next_ms = context.streamer->last_session_end_ms + context.tier->session_interval_ms;
  if (context.now.time_ms >= next_ms) return false;
  violation->retry_time_ms = next_ms;
  return true;
}

constexpr SessionRuleEntry kSessionRules[] = {
    {RejectionCode::kStreamerUnavailable, StreamerUnavailable},
    {RejectionCode::kStreamerSuspended, StreamerSuspended},
    {RejectionCode::kSessionAlreadyOpen, SessionAlreadyOpen},
    {RejectionCode::kSessionCountLimit, SessionCountLimit},
    {RejectionCode::kSessionInterval, SessionInterval},
};

}  // namespace

absl::Span<const SessionRuleEntry> SessionRules() { return kSessionRules; }

}  // namespace tipgate

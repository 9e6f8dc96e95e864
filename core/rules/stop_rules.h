#pragma once

#include "core/rules/recharge_rules.h"
#include "core/rules/tip_rules.h"

namespace tipgate {

// Rule T1: what somebody has stopped at once. However many stops cover it, it is one violation, and
// no time cures it.

inline bool TipStopped(const TipContext& context, Violation*) {
  const Stops& stops = context.stops;
  if (stops.empty()) [[likely]]
    return false;
  const TipRequest& tip = context.request;
  return stops.CoversApp(tip.app) || stops.Covers(StopKind::kSession, tip.session.value()) ||
         stops.Covers(StopKind::kStreamer, tip.streamer.value()) ||
         stops.Covers(StopKind::kGift, tip.gift.value());
}

// R1. Of a recharge only its app can be stopped, or everything.
inline bool RechargeStopped(const RechargeContext& context, Violation*) {
  return !context.stops.empty() && context.stops.CoversApp(context.app);
}

}  // namespace tipgate

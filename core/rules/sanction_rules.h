#pragma once

#include "core/decision.h"
#include "core/sanction.h"

namespace tipgate {

// T8, S2: the same for tips (TipContext) and for the opening of a session (SessionContext).
template <typename Context>
bool StreamerSuspended(const Context& context, Violation* violation) {
  if (context.streamer == nullptr) return false;
  const int64_t until_ms = context.streamer->suspended_until_ms;
  if (context.now.time_ms >= until_ms) return false;
  if (until_ms != kNeverMs) violation->retry_time_ms = until_ms;
  return true;
}

}  // namespace tipgate

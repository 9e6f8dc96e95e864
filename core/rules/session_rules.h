#pragma once

#include "absl/types/span.h"
#include "core/calendar.h"
#include "core/decision.h"
#include "core/policy.h"
#include "core/streamer.h"

namespace tipgate {

// All that the rules may look at for the opening of a session. Pointers are null for what is not
// known.
struct SessionContext {
  const Moment& now;
  const Policy& policy;
  const Streamer* streamer;
  const Tier* tier;  // of the streamer
};

struct SessionRuleEntry {
  RejectionCode code;
  bool (*refuses)(const SessionContext& context, Violation* violation);
};

// All rules for opening a session, in the order in which they are reported.
absl::Span<const SessionRuleEntry> SessionRules();

}  // namespace tipgate

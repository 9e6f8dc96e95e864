#pragma once

#include <cstdint>

#include "core/decision.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"
#include "core/records/intent.h"

namespace tipgate {

// Stored; never renumber.
enum class SessionAction : uint8_t { kOpen = 1, kClose = 2 };

struct SessionRecord {
  SessionAction action{};
  Intent intent;
  SessionId session;
  StreamerId streamer;
  Outcome outcome{};
  int32_t policy_version = 0;
  TierName tier;
  int64_t open_time_ms = 0;
  int64_t max_end_time_ms = 0;
  Money received;
  Money received_max;
  int64_t retry_time_ms = 0;
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.session, self.streamer, self.outcome, self.policy_version, self.tier,
          self.open_time_ms, self.max_end_time_ms, self.received, self.received_max,
          self.retry_time_ms, self.violations);
  }
};

}  // namespace tipgate

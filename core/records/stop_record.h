#pragma once

#include <cstdint>

#include "core/inline_text.h"
#include "core/records/intent.h"
#include "core/stops.h"

namespace tipgate {

// Stored; never renumber.
enum class StopAction : uint8_t { kStop = 1, kLift = 2 };

// An emergency stop begins, or one of two people agrees to lift it.
struct StopRecord {
  StopAction action{};
  Intent intent;
  ActorName actor;
  StopScope scope;
  ReasonText reason;  // may be empty
  // After this:
  bool is_stopped = false;
  int64_t start_time_ms = 0;  // since when it is, or was, stopped
  ActorName first_approver;   // of the lifting; empty: none

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.actor);
    self.scope.Fields(self.scope, visit);
    visit(self.reason, self.is_stopped, self.start_time_ms, self.first_approver);
  }
};

}  // namespace tipgate

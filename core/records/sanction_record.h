#pragma once

#include <cstdint>

#include "core/ids.h"
#include "core/inline_text.h"
#include "core/records/intent.h"
#include "core/sanction.h"

namespace tipgate {

// Stored; never renumber.
enum class SanctionAction : uint8_t { kSanction = 1, kLift = 2 };

// A streamer is sanctioned, or a sanction is lifted.
struct SanctionRecord {
  SanctionAction action{};
  Intent intent;
  ActorName actor;
  StreamerId streamer;
  RecordId lifted;                          // kLift: which one
  SanctionKind kind = SanctionKind::kWarn;  // this and the next three: kSanction
  int64_t until_ms = 0;                     // of kSuspendReceiving
  int64_t mute_ms = 0;                      // of kMute: how long the platform's mute is
  bool is_violation = false;  // receiving comes back only some calendar months after the end
  ReasonText reason;
  CaseName case_name;
  int64_t end_time_ms = 0;     // of a sanction that has one
  int64_t resume_time_ms = 0;  // as in Sanction. After a violation it is stated, not decided: no
                               // zone database is read when the journal is verified
  int64_t suspended_until_ms = 0;  // the streamer, by all sanctions, after this; 0: not

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.streamer, self.lifted, self.kind, self.until_ms, self.mute_ms,
          self.is_violation, self.reason, self.case_name, self.end_time_ms, self.resume_time_ms,
          self.suspended_until_ms);
  }
};

}  // namespace tipgate

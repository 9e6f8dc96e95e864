#pragma once

#include <cstdint>
#include <type_traits>

#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"
#include "core/policy.h"

namespace tipgate {

// One live broadcast. Its tier is the streamer's when it was opened.
//
// Invariant: received never passes the tier's session_received_max of the policy that accepted each
// tip.
struct Session {
  SessionId id;
  StreamerId streamer;
  TierName tier;
  int64_t open_time_ms = 0;
  int64_t max_end_time_ms = 0;
  int64_t close_time_ms = 0;  // 0: open
  Money received;
  RecordId last_tip;
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.streamer, self.tier, self.open_time_ms, self.max_end_time_ms,
          self.close_time_ms, self.received, self.last_tip, self.changed);
  }

  bool is_open() const { return close_time_ms == 0; }
};

static_assert(std::is_trivially_copyable_v<Session>);

// Rule S7: the tier that holds in a session: that of its opening, or, where the policy says so, the
// streamer's of now.
inline TierName TierNameOf(const Session& session, const TierName& of_streamer,
                           const Policy& policy) {
  return policy.tier_change_at_once ? of_streamer : session.tier;
}

// When it must end, in that tier; null: the policy has it no more.
inline int64_t MaxEndTimeMs(const Session& session, const Tier* tier, const Policy& policy) {
  if (!policy.tier_change_at_once || tier == nullptr) return session.max_end_time_ms;
  return session.open_time_ms + tier->session_duration_max_ms;
}

// Rule S8: a closed session leaves the memory after this time, and is found in the store only.
// Decisions see it as unknown from then on.
inline constexpr int64_t kSessionMemoryMs = int64_t{31} * 24 * 3600 * 1000;

}  // namespace tipgate

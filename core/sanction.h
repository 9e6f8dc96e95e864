#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/ids.h"

namespace tipgate {

// Stored; never renumber.
enum class SanctionKind : uint8_t {
  kWarn = 1,              // on record, and nothing else
  kSuspendReceiving = 2,  // until a time
  kMute = 3,              // the platform has muted the streamer for a while
  kBan = 4,               // without an end
};

// A time that never comes.
inline constexpr int64_t kNeverMs = std::numeric_limits<int64_t>::max();

// One sanction of a streamer, as far as decisions need it. Its id is its record, which tells the
// rest.
struct Sanction {
  RecordId id;
  SanctionKind kind{};
  int64_t resume_time_ms = 0;  // receiving is suspended before this; kNeverMs: for good

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.kind, self.resume_time_ms);
  }

  // A warning suspends nothing and stays until it is lifted.
  bool suspends_receiving() const { return kind != SanctionKind::kWarn; }
  bool is_over(int64_t now_ms) const { return suspends_receiving() && now_ms >= resume_time_ms; }
};

// The sanctions of a streamer who has had any. Beside Streamer, which knows until when receiving is
// suspended by all of them (rule T8).
struct StreamerSanctions {
  StreamerId id;
  std::vector<Sanction> sanctions;  // the oldest first; some may be over
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.sanctions, self.changed);
  }

  // One that is in force, or null.
  const Sanction* FindInForce(RecordId sanction, int64_t now_ms) const;
  size_t CountInForce(int64_t now_ms) const;

  // Until when those in force suspend receiving, but for `lifted`; 0: they do not.
  int64_t SuspendedUntilMs(RecordId lifted, int64_t now_ms) const;

  // Takes away what is over, and `lifted`.
  void Erase(RecordId lifted, int64_t now_ms);
};

// Sanctions of one streamer that may be in force at a time.
inline constexpr size_t kSanctionsMax = 64;

// The furthest end of a suspension, and the longest mute; what is to last longer is a ban.
inline constexpr int64_t kSuspensionMaxMs = int64_t{3'660} * 24 * 3600 * 1000;

}  // namespace tipgate

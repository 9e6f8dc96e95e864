#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/entry.h"
#include "core/journal.h"
#include "server/event_cursor.h"
#include "tipgate/v1/event.pb.h"

namespace tipgate {

// The kinds of events that somebody wants.
class EventKinds {
 public:
  // All kinds.
  EventKinds() = default;
  // Only those that are added, from the first Add on.
  void Add(v1::EventKind kind) { wanted_ |= uint64_t{1} << kind; }
  bool Contains(v1::EventKind kind) const {
    return wanted_ == 0 || (wanted_ & (uint64_t{1} << kind)) != 0;
  }

 private:
  static_assert(v1::EventKind_MAX < 64);
  uint64_t wanted_ = 0;
};

// What the journal's entries tell those who watch. A settlement tells each of its tips, which are
// read again. Works in steps of bounded size. One thread.
class EventProjection {
 public:
  // `journal` outlives this.
  EventProjection(const Journal& journal, EventKinds kinds) : journal_(journal), kinds_(kinds) {}

  // Most events in one response.
  static constexpr int kEventsMax = 256;

  // Adds the events of `entry` from `cursor` on, and moves the cursor behind what is done. True if
  // that was all of the entry: then the cursor is at the next one. False: the response is full, or
  // the step was long enough; call again.
  absl::StatusOr<bool> Project(const Entry& entry, EventCursor* cursor,
                               v1::WatchEventsResponse* response);

  // True if `cursor` is a place in `entry`, its sequence.
  static bool IsPlaceIn(const Entry& entry, const EventCursor& cursor);

 private:
  absl::StatusOr<bool> ProjectSettlement(const Entry& entry, const SettlementRecord& settlement,
                                         EventCursor* cursor, v1::WatchEventsResponse* response);
  bool ProjectParts(const Entry& entry, const Record& record, EventCursor* cursor,
                    v1::WatchEventsResponse* response) const;

  // Makes `settled_` the entry with this sequence, which a settlement names.
  absl::Status ReadSettled(int64_t sequence);

  const Journal& journal_;
  const EventKinds kinds_;
  std::unique_ptr<JournalReader> settled_reader_;
  Entry settled_;  // where a settlement is being read; sequence 0: none is
};

}  // namespace tipgate

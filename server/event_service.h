#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "core/journal.h"
#include "server/damage_alarm.h"
#include "server/durable_signal.h"
#include "server/event_projection.h"
#include "server/response_stream.h"
#include "tipgate/v1/event.pb.h"

namespace tipgate {

// Serves WatchEvents: reads the journal from a cursor on, then waits for it to become longer. Any
// thread.
class EventService {
 public:
  // All outlive this. The signal is told of every entry that becomes durable.
  EventService(const Journal* journal, DurableSignal* signal, DamageAlarm* damage)
      : journal_(*journal), signal_(*signal), damage_(*damage) {}

  // A ResponseStreamHandler.
  std::optional<CallError> WatchEvents(ResponseStream& stream) const;

 private:
  // Where the request begins; the error if its cursor is not a place in the journal.
  std::optional<CallError> FindStart(const v1::WatchEventsRequest& request,
                                     EventCursor* cursor) const;
  // What a watcher is told of an entry that cannot be read; operators hear of it too.
  CallError Damaged(int64_t sequence, const absl::Status& status) const;

  const Journal& journal_;
  DurableSignal& signal_;
  DamageAlarm& damage_;
};

}  // namespace tipgate

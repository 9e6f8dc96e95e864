#include "server/event_service.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/call_error.h"
#include "server/error_status.h"

namespace tipgate {
namespace {

// How long what is known may wait for more: progress without events, and events while the journal
// is being caught up.
constexpr absl::Duration kProgressInterval = absl::Seconds(1);
// How soon a watcher notices that its caller is gone or that the gate stops.
constexpr absl::Duration kWaitMax = absl::Milliseconds(100);

std::optional<CallError> ReadKinds(const v1::WatchEventsRequest& request, EventKinds* kinds) {
  for (int i = 0; i < request.kinds_size(); ++i) {
    const int kind = request.kinds(i);
    if (!v1::EventKind_IsValid(kind) || kind == v1::EVENT_KIND_UNSPECIFIED) {
      return InvalidField(absl::StrCat("kinds[", i, "]"),
                          "must be a kind of event that this gate knows");
    }
    kinds->Add(request.kinds(i));
  }
  return std::nullopt;
}

// Collects events until they are worth a response.
class Outbox {
 public:
  Outbox(ResponseStream& stream, const EventCursor& start) : stream_(stream), sent_(start) {}

  v1::WatchEventsResponse* response() { return &response_; }

  // Sends what there is: a full response at once, events at the journal's end, anything else now
  // and then.
  void Advance(const EventCursor& cursor, bool is_at_end) {
    if (cursor == sent_) return;
    const int events_count = response_.events_size();
    const bool is_due =
        events_count >= EventProjection::kEventsMax || (is_at_end && events_count > 0);
    const absl::Time now = absl::Now();
    if (!is_due && now - send_time_ < kProgressInterval) return;
    response_.set_cursor(cursor.ToText());
    is_open_ &= stream_.Write(response_);
    response_.Clear();
    sent_ = cursor;
    send_time_ = now;
  }

  bool is_open() const { return is_open_ && stream_.is_open(); }

 private:
  ResponseStream& stream_;
  v1::WatchEventsResponse response_;
  EventCursor sent_;
  absl::Time send_time_ = absl::Now();
  bool is_open_ = true;
};

}  // namespace

CallError EventService::Damaged(int64_t sequence, const absl::Status& status) const {
  damage_.Raise(absl::StrCat("events of journal entry ", sequence), status.message());
  return {.reason = ErrorReason::kDamaged,
          .field = "",
          .message = absl::StrCat("the journal cannot be read: ", status.message())};
}

std::optional<CallError> EventService::FindStart(const v1::WatchEventsRequest& request,
                                                 EventCursor* cursor) const {
  constexpr char kExpected[] = "must be empty, or the cursor of an event or response of this gate";
  const int64_t last_sequence = journal_.Head().sequence;
  if (request.cursor().empty()) {
    if (request.only_new()) cursor->sequence = last_sequence + 1;
    return std::nullopt;
  }
  if (request.only_new()) return InvalidField("cursor", "must be empty, because only_new is set");
  const std::optional<EventCursor> parsed = EventCursor::Parse(request.cursor());
  if (!parsed.has_value() || parsed->sequence > last_sequence + 1) {
    return InvalidField("cursor", kExpected);
  }
  *cursor = *parsed;
  Entry entry;
  entry.sequence = parsed->sequence;
  if (parsed->sequence <= last_sequence) {
    if (absl::Status status = journal_.Read(parsed->sequence, &entry); !status.ok()) {
      return Damaged(parsed->sequence, status);
    }
  }
  if (!EventProjection::IsPlaceIn(entry, *cursor)) return InvalidField("cursor", kExpected);
  return std::nullopt;
}

std::optional<CallError> EventService::WatchEvents(ResponseStream& stream) const {
  v1::WatchEventsRequest request;
  if (auto error = stream.Parse(&request); error.has_value()) return error;
  EventKinds kinds;
  if (auto error = ReadKinds(request, &kinds); error.has_value()) return error;
  EventCursor cursor;
  if (auto error = FindStart(request, &cursor); error.has_value()) return error;

  EventProjection projection(journal_, kinds);
  const std::unique_ptr<JournalReader> reader = journal_.ReadFrom(cursor.sequence);
  Outbox outbox(stream, cursor);
  Entry entry;
  while (outbox.is_open()) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return Damaged(cursor.sequence, has_entry.status());
    if (!*has_entry) {
      outbox.Advance(cursor, true);
      signal_.AwaitSequence(cursor.sequence, kWaitMax);
      continue;
    }
    for (bool is_done = false; !is_done && outbox.is_open();) {
      const absl::StatusOr<bool> step = projection.Project(entry, &cursor, outbox.response());
      if (!step.ok()) return Damaged(cursor.sequence, step.status());
      is_done = *step;
      outbox.Advance(cursor, false);
    }
  }
  return StoppingError();
}

}  // namespace tipgate

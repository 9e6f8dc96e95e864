#include "tests/integration/event_watch.h"

#include <gtest/gtest.h>

namespace tipgate {

EventWatch::EventWatch(GateClient& client, const v1::WatchEventsRequest& request) {
  context_.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  reader_ = client.events().WatchEvents(&context_, request);
}

EventWatch::~EventWatch() {
  context_.TryCancel();
  Finish();
}

std::optional<v1::Event> EventWatch::Next() {
  while (next_ == response_.events_size()) {
    if (!reader_->Read(&response_)) return std::nullopt;
    next_ = 0;
  }
  return response_.events(next_++);
}

v1::Event EventWatch::Await(v1::EventKind kind) {
  while (const std::optional<v1::Event> event = Next()) {
    if (event->kind() == kind) return *event;
  }
  ADD_FAILURE() << "no event " << v1::EventKind_Name(kind) << " came";
  return {};
}

grpc::Status EventWatch::Finish() {
  if (is_finished_) return grpc::Status::OK;
  is_finished_ = true;
  v1::WatchEventsResponse ignored;
  while (reader_->Read(&ignored)) {
  }
  return reader_->Finish();
}

std::vector<v1::Event> FirstEvents(GateClient& client, size_t count,
                                   const v1::WatchEventsRequest& request) {
  EventWatch watch(client, request);
  std::vector<v1::Event> events;
  while (events.size() < count) {
    const std::optional<v1::Event> event = watch.Next();
    if (!event.has_value()) break;
    events.push_back(*event);
  }
  EXPECT_EQ(events.size(), count);
  return events;
}

v1::WatchEventsRequest OnlyKind(v1::EventKind kind) {
  v1::WatchEventsRequest request;
  request.add_kinds(kind);
  return request;
}

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/gate_client.h"
#include "tipgate/v1/event.grpc.pb.h"

namespace tipgate {

// Follows the events of a gate, for at most a minute. One thread.
class EventWatch {
 public:
  explicit EventWatch(GateClient& client, const v1::WatchEventsRequest& request = {});
  ~EventWatch();

  // The next event; none once the stream has ended.
  std::optional<v1::Event> Next();
  // The next event of this kind, skipping others; fails the test if the stream ends first.
  v1::Event Await(v1::EventKind kind);
  // The cursor of the last response: after everything that came.
  const std::string& cursor() const { return response_.cursor(); }
  // Reads until the stream ends, and returns its status.
  grpc::Status Finish();

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> reader_;
  v1::WatchEventsResponse response_;
  int next_ = 0;
  bool is_finished_ = false;
};

// All events from the beginning, as many as `count`.
std::vector<v1::Event> FirstEvents(GateClient& client, size_t count,
                                   const v1::WatchEventsRequest& request = {});

// Only events of this kind.
v1::WatchEventsRequest OnlyKind(v1::EventKind kind);

}  // namespace tipgate

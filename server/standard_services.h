#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/call_registry.h"
#include "server/health_service.h"
#include "server/health_watch.h"
#include "server/reflection_service.h"
#include "server/stats.h"
#include "server/stream_rpc.h"
#include "server/unary_rpc.h"
#include "server/unsent_replies.h"

namespace tipgate {

// Watches of health that may be open, each of some 16 KB. Clients of gRPC have at most one a
// connection.
inline constexpr int64_t kHealthWatchesMax = 4'096;
// Streams of reflection that may be open: a few people and their tools.
inline constexpr int64_t kReflectionStreamsMax = 64;
// What the replies of Check that wait to be sent may take in memory.
inline constexpr int64_t kUnsentHealthBytesMax = int64_t{16} << 20;

// What every gRPC server may have: health checking and reflection. They are served here, on the
// completion queues of the contract, since those that gRPC brings along have threads of their own,
// and these join the polling of every connection: each event of each call then wakes one of them
// first. Owner's thread only, but for health.
//
// Their calls are apart from those of the contract: they do not keep a drain waiting, go on being
// answered in it, and have their own limits.
class StandardServices {
 public:
  struct Limits {
    int64_t health_watches_max = kHealthWatchesMax;
    int64_t reflection_streams_max = kReflectionStreamsMax;
    int message_bytes_max = 0;
  };

  // The full names of the services of the contract.
  StandardServices(const Limits& limits, const std::vector<std::string>& contract);
  ~StandardServices();

  StandardServices(const StandardServices&) = delete;
  StandardServices& operator=(const StandardServices&) = delete;

  // For gRPC, before the server starts.
  std::vector<grpc::Service*> grpc_services();

  // Waits for calls on the queue.
  void ListenOn(grpc::ServerCompletionQueue* queue);

  HealthService& health() { return health_; }

  // Tells every stream, also those to come, to end.
  void Drain() { registry_.Drain(); }

  // Returns when no call is in work, or when the time is over.
  void AwaitNone(absl::Duration timeout) { registry_.AwaitNone(timeout); }

 private:
  struct Services;

  HealthService health_;
  const ReflectionService reflection_;
  CallRegistry registry_;
  std::atomic<int64_t> unsent_bytes_{0};
  SharedCounter unsent_refusals_;
  std::atomic<int64_t> watches_count_{0};
  std::atomic<int64_t> reflection_streams_count_{0};
  UnsentReplies unsent_{
      {.bytes_max = kUnsentHealthBytesMax, .bytes = &unsent_bytes_, .refusals = &unsent_refusals_}};
  const std::unique_ptr<Services> services_;
  const UnaryMethod check_;
  const HealthWatchMethod watch_;
  const StreamMethod reflect_;
};

}  // namespace tipgate

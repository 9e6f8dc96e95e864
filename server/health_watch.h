#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/async_stream.h>

#include <functional>

#include "server/call_limit.h"
#include "server/call_registry.h"
#include "server/health_service.h"

namespace tipgate {

// The method Watch of the health service. Driven by events alone: clients of gRPC may keep a watch
// on every connection, so one must not cost a thread, and refusing it would end the connection's
// use.
struct HealthWatchMethod {
  using Writer = grpc::ServerAsyncWriter<grpc::ByteBuffer>;

  std::function<void(grpc::ServerContext*, grpc::ByteBuffer* request, Writer*,
                     grpc::ServerCompletionQueue*, void* tag)>
      ask;
  HealthService* health = nullptr;
  CallLimit limit;
  int message_bytes_max = 0;
};

// Waits for one call of the method on the queue; when it comes, waits for a next one and serves it.
// All that is pointed to outlives the queue.
void ListenForHealthWatch(const HealthWatchMethod* method, grpc::ServerCompletionQueue* queue,
                          CallRegistry* registry);

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/async_stream.h>

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/time/time.h"
#include "server/call_limit.h"
#include "server/call_registry.h"
#include "server/response_stream.h"
#include "server/rpc.h"

namespace tipgate {

// A method with one request and a stream of responses. Each call has a thread, so there is a
// maximum of them.
struct ResponseStreamMethod {
  using Writer = grpc::ServerAsyncWriter<grpc::ByteBuffer>;

  std::function<void(grpc::ServerContext*, grpc::ByteBuffer* request, Writer*,
                     grpc::ServerCompletionQueue*, void* tag)>
      ask;
  ResponseStreamHandler handler;
  CallLimit limit;
  int message_bytes_max = 0;
  // A caller may take so long to make room for one more response. Then it is cut off, since it
  // keeps others out.
  absl::Duration write_time_max = absl::InfiniteDuration();
};

// Waits for one call of the method on the queue; when it comes, waits for a next one and serves it.
// All that is pointed to outlives the queue.
void ListenForResponseStream(const ResponseStreamMethod* method, grpc::ServerCompletionQueue* queue,
                             CallRegistry* registry);

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/async_stream.h>

#include <functional>

#include "server/call_limit.h"
#include "server/call_registry.h"
#include "server/identity.h"
#include "server/rpc.h"

namespace tipgate {

// A method with a stream of requests and one response to each, in order.
struct StreamMethod {
  using Stream = grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;

  std::function<void(grpc::ServerContext*, Stream*, grpc::ServerCompletionQueue*, void* tag)> ask;
  RpcHandler handler;  // takes each message as a request of its own
  CallLimit limit;
  int message_bytes_max = 0;
  IdentitySource identity_source = IdentitySource::kNone;
};

// Messages of one stream that may be read and not yet answered: a reader that is slow to take its
// answers is not read any further.
inline constexpr size_t kStreamMessagesMax = 8;
// And their bytes: those of a request until it is answered, then those of its answer. One message
// may be larger.
inline constexpr size_t kStreamBytesMax = size_t{1} << 20;

// Waits for one stream of the method on the queue; when it comes, waits for a next one and serves
// it. All that is pointed to outlives the queue.
void ListenForStream(const StreamMethod* method, grpc::ServerCompletionQueue* queue,
                     CallRegistry* registry);

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/async_unary_call.h>

#include <cstdint>
#include <functional>

#include "server/call_registry.h"
#include "server/identity.h"
#include "server/rpc.h"
#include "server/unsent_replies.h"

namespace tipgate {

// One method of the contract: how to ask gRPC for its next call, and who takes it.
struct UnaryMethod {
  using Responder = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;

  std::function<void(grpc::ServerContext*, grpc::ByteBuffer* request, Responder*,
                     grpc::ServerCompletionQueue*, void* tag)>
      ask;
  RpcHandler handler;
  UnsentReplies* unsent = nullptr;  // of all methods together
  // Whether a call with this deadline is refused as overload, unparsed. Null: none is.
  std::function<bool(int64_t deadline_ns)> is_overloaded = nullptr;
  int message_bytes_max = 0;
  IdentitySource identity_source = IdentitySource::kNone;
};

// Waits for one call of the method on the queue; when it comes, waits for a next one and hands it
// to the handler. All that is pointed to outlives the queue.
void ListenForUnary(const UnaryMethod* method, grpc::ServerCompletionQueue* queue,
                    CallRegistry* registry);

}  // namespace tipgate

#pragma once

#include <grpcpp/grpcpp.h>

#include "server/stream_rpc.h"

namespace tipgate {

// A service whose methods, all of the template arguments, are raw: gRPC hands us their bytes, and
// asks no thread of its own to wait for calls.
template <typename Service, template <typename> typename... kRaw>
struct RawServiceOf;
template <typename Service>
struct RawServiceOf<Service> {
  using Type = Service;
};
template <typename Service, template <typename> typename kFirst,
          template <typename> typename... kRest>
struct RawServiceOf<Service, kFirst, kRest...> {
  using Type = kFirst<typename RawServiceOf<Service, kRest...>::Type>;
};

// Asks gRPC for the next call by `kRequest`, a function of a raw service; its events come to the
// same queue.
template <auto kRequest, typename Service>
auto AskForCall(Service* service) {
  return [service](grpc::ServerContext* context, grpc::ByteBuffer* request, auto* responder,
                   grpc::ServerCompletionQueue* queue, void* tag) {
    (service->*kRequest)(context, request, responder, queue, queue, tag);
  };
}

// The same where the requests come later.
template <auto kRequest, typename Service>
auto AskForStream(Service* service) {
  return [service](grpc::ServerContext* context, StreamMethod::Stream* stream,
                   grpc::ServerCompletionQueue* queue,
                   void* tag) { (service->*kRequest)(context, stream, queue, queue, tag); };
}

}  // namespace tipgate

#pragma once

#include <grpcpp/server_context.h>

#include <cstdint>

namespace tipgate {

// Unix time in nanoseconds after which the caller does not wait any more; INT64_MAX if it waits for
// ever.
int64_t DeadlineNs(const grpc::ServerContext& context);

}  // namespace tipgate

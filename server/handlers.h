#pragma once

#include "server/grpc_server.h"
#include "server/service_context.h"

namespace tipgate {

// The handlers of all calls that go through the pipeline; watch_events and verify_journal do not.
GrpcServer::Handlers MakeHandlers(ServiceContext* context);

}  // namespace tipgate

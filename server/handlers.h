#pragma once

#include "server/grpc_server.h"
#include "server/service_context.h"

namespace tipgate {

// The handlers of all calls but watch_events and verify_journal.
GrpcServer::Handlers MakeHandlers(ServiceContext* context);

}  // namespace tipgate

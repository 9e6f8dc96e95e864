#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of SessionService.
RpcHandler OpenSessionHandler(ServiceContext* context);
RpcHandler CloseSessionHandler(ServiceContext* context);
RpcHandler GetSessionHandler(ServiceContext* context);

}  // namespace tipgate

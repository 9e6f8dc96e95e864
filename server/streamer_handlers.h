#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of StreamerService.
RpcHandler PutStreamerHandler(ServiceContext* context);
RpcHandler GetStreamerHandler(ServiceContext* context);
RpcHandler GetAgencyHandler(ServiceContext* context);
RpcHandler SanctionStreamerHandler(ServiceContext* context);
RpcHandler LiftSanctionHandler(ServiceContext* context);

}  // namespace tipgate

#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of PayerService.
RpcHandler PutPayerHandler(ServiceContext* context);
RpcHandler GetPayerHandler(ServiceContext* context);
RpcHandler PausePayerHandler(ServiceContext* context);

}  // namespace tipgate

#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of PayerService.
RpcHandler PutPayerHandler(ServiceContext* context);
RpcHandler GetPayerHandler(ServiceContext* context);
RpcHandler PausePayerHandler(ServiceContext* context);
RpcHandler SetSelfLimitsHandler(ServiceContext* context);
RpcHandler SetPreferencesHandler(ServiceContext* context);
RpcHandler StartConfirmationHandler(ServiceContext* context);
RpcHandler CompleteConfirmationHandler(ServiceContext* context);
RpcHandler FreezePayerHandler(ServiceContext* context);
RpcHandler UnfreezePayerHandler(ServiceContext* context);
RpcHandler StartCoolingOffHandler(ServiceContext* context);

}  // namespace tipgate

#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of TipService that decide.
RpcHandler AuthorizeTipHandler(ServiceContext* context);
RpcHandler AuthorizeTipsHandler(ServiceContext* context);
RpcHandler StreamTipsHandler(ServiceContext* context);
RpcHandler CheckTipHandler(ServiceContext* context);

}  // namespace tipgate

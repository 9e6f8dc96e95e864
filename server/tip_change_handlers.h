#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of TipService about the later life of one tip.
RpcHandler CaptureTipHandler(ServiceContext* context);
RpcHandler VoidTipHandler(ServiceContext* context);
RpcHandler RefundTipHandler(ServiceContext* context);

}  // namespace tipgate

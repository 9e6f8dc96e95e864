#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of RechargeService.
RpcHandler AuthorizeRechargeHandler(ServiceContext* context);
RpcHandler CaptureRechargeHandler(ServiceContext* context);
RpcHandler VoidRechargeHandler(ServiceContext* context);
RpcHandler CheckRechargeHandler(ServiceContext* context);
RpcHandler RefundRechargeHandler(ServiceContext* context);
RpcHandler GetRechargeHandler(ServiceContext* context);

}  // namespace tipgate

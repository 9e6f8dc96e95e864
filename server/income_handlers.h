#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of StreamerService about income.
RpcHandler FreezeIncomeHandler(ServiceContext* context);
RpcHandler ReleaseIncomeHandler(ServiceContext* context);
RpcHandler RefundTipsHandler(ServiceContext* context);
RpcHandler GetIncomeJobHandler(ServiceContext* context);
RpcHandler ListIncomeJobsHandler(ServiceContext* context);
RpcHandler DelayIncomeHandler(ServiceContext* context);

}  // namespace tipgate

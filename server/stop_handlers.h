#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of PolicyService about emergency stops.
RpcHandler EmergencyStopHandler(ServiceContext* context);
RpcHandler LiftStopHandler(ServiceContext* context);
RpcHandler ListStopsHandler(ServiceContext* context);

}  // namespace tipgate

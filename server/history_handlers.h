#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of TipService that read.
RpcHandler GetTipHandler(ServiceContext* context);
RpcHandler ListTipsHandler(ServiceContext* context);

}  // namespace tipgate

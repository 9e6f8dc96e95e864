#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

RpcHandler GetServerInfoHandler(ServiceContext* context);

}  // namespace tipgate

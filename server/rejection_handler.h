#pragma once

#include "server/rpc.h"
#include "server/service_context.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {

// What there is to say about `code`; about every code if it is UNSPECIFIED.
v1::ListRejectionCodesResponse ListRejectionCodes(v1::RejectionCode code);

RpcHandler ListRejectionCodesHandler(ServiceContext* context);

}  // namespace tipgate

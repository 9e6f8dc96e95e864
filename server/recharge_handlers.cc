#include "server/recharge_handlers.h"

#include "server/change_job.h"

namespace tipgate {

RpcHandler AuthorizeRechargeHandler(ServiceContext* context) {
  return ChangeJob<v1::AuthorizeRechargeRequest, v1::AuthorizeRechargeResponse, RechargeCommand,
                   RechargeRecord>::Handler(context);
}

RpcHandler CaptureRechargeHandler(ServiceContext* context) {
  return ChangeJob<v1::CaptureRechargeRequest, v1::CaptureRechargeResponse, RechargeChangeCommand,
                   RechargeRecord>::Handler(context);
}

RpcHandler VoidRechargeHandler(ServiceContext* context) {
  return ChangeJob<v1::VoidRechargeRequest, v1::VoidRechargeResponse, RechargeChangeCommand,
                   RechargeRecord>::Handler(context);
}

}  // namespace tipgate

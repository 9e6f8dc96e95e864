#include "server/tip_change_handlers.h"

#include "server/change_job.h"
#include "server/tip_change_conversion.h"

namespace tipgate {

RpcHandler CaptureTipHandler(ServiceContext* context) {
  return ChangeJob<v1::CaptureTipRequest, v1::CaptureTipResponse, TipChangeCommand,
                   TipChangeRecord>::Handler(context);
}

RpcHandler VoidTipHandler(ServiceContext* context) {
  return ChangeJob<v1::VoidTipRequest, v1::VoidTipResponse, TipChangeCommand,
                   TipChangeRecord>::Handler(context);
}

RpcHandler RefundTipHandler(ServiceContext* context) {
  return ChangeJob<v1::RefundTipRequest, v1::RefundTipResponse, TipChangeCommand,
                   TipChangeRecord>::Handler(context);
}

}  // namespace tipgate

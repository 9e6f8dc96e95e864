#include "server/stop_handlers.h"

#include <memory>
#include <utility>
#include <variant>

#include "server/change_job.h"
#include "server/stop_conversion.h"

namespace tipgate {
namespace {

class ListStopsJob final : public RpcJob {
 public:
  ListStopsJob(ServiceContext* context, std::unique_ptr<Rpc> rpc)
      : RpcJob(context, std::move(rpc)) {
    command = StopsVisit();
  }

  void Reply(const Batch&) override {
    const std::unique_ptr<ListStopsJob> self(this);
    v1::ListStopsResponse response;
    for (const Stop& stop : std::get<StopsVisit>(command).stops) {
      FillStop(stop, response.add_stops());
    }
    rpc().Reply(response);
  }
};

}  // namespace

RpcHandler EmergencyStopHandler(ServiceContext* context) {
  return ChangeJob<v1::EmergencyStopRequest, v1::EmergencyStopResponse, StopCommand,
                   StopRecord>::Handler(context);
}

RpcHandler LiftStopHandler(ServiceContext* context) {
  return ChangeJob<v1::LiftStopRequest, v1::LiftStopResponse, StopCommand, StopRecord>::Handler(
      context);
}

RpcHandler ListStopsHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListStopsRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    context->pipeline->Submit(std::make_unique<ListStopsJob>(context, std::move(rpc)));
  };
}

}  // namespace tipgate

#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "server/call_error.h"
#include "server/request_conversion.h"
#include "server/rpc_job.h"

namespace tipgate {

// Sends the visit that a call asks for on its way, with a JobType to answer it.
template <typename MessageType, typename VisitType, typename JobType>
RpcHandler VisitHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    MessageType message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    VisitType visit;
    if (const std::optional<CallError> fault = Convert(message, &visit.id)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    auto job = std::make_unique<JobType>(context, std::move(rpc));
    job->command = std::move(visit);
    context->pipeline->Submit(std::move(job));
  };
}

}  // namespace tipgate

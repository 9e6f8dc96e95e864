#include "server/income_handlers.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "server/change_job.h"
#include "server/income_conversion.h"

namespace tipgate {
namespace {

constexpr size_t kJobsMax = 1'000;

class GetIncomeJobJob final : public RpcJob {
 public:
  GetIncomeJobJob(ServiceContext* context, std::unique_ptr<Rpc> rpc, RecordId id)
      : RpcJob(context, std::move(rpc)) {
    command = IncomeJobsVisit{.ids = {id}, .wants_turns = false, .found = {}};
  }

  void Reply(const Batch&) override {
    const std::unique_ptr<GetIncomeJobJob> self(this);
    const auto& found = std::get<IncomeJobsVisit>(command).found;
    if (found.empty()) return rpc().Fail(NotFound("job_id", "income job"));
    v1::GetIncomeJobResponse response;
    FillIncomeJob(found.front(), response.mutable_job());
    rpc().Reply(response);
  }
};

class ListIncomeJobsJob final : public RpcJob {
 public:
  ListIncomeJobsJob(ServiceContext* context, std::unique_ptr<Rpc> rpc)
      : RpcJob(context, std::move(rpc)) {
    command = IncomeJobsVisit();
  }

  void Reply(const Batch&) override {
    const std::unique_ptr<ListIncomeJobsJob> self(this);
    const auto& found = std::get<IncomeJobsVisit>(command).found;
    v1::ListIncomeJobsResponse response;
    for (size_t i = 0; i < std::min(found.size(), kJobsMax); ++i) {
      FillIncomeJob(found[i], response.add_jobs());
    }
    rpc().Reply(response);
  }
};

}  // namespace

RpcHandler FreezeIncomeHandler(ServiceContext* context) {
  return ChangeJob<v1::FreezeIncomeRequest, v1::FreezeIncomeResponse, IncomeJobCommand,
                   IncomeJobRecord>::Handler(context);
}

RpcHandler ReleaseIncomeHandler(ServiceContext* context) {
  return ChangeJob<v1::ReleaseIncomeRequest, v1::ReleaseIncomeResponse, IncomeJobCommand,
                   IncomeJobRecord>::Handler(context);
}

RpcHandler RefundTipsHandler(ServiceContext* context) {
  return ChangeJob<v1::RefundTipsRequest, v1::RefundTipsResponse, IncomeJobCommand,
                   IncomeJobRecord>::Handler(context);
}

RpcHandler GetIncomeJobHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::GetIncomeJobRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    RecordId id;
    if (const std::optional<CallError> fault = Convert(message, &id)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    context->pipeline->Submit(std::make_unique<GetIncomeJobJob>(context, std::move(rpc), id));
  };
}

RpcHandler ListIncomeJobsHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListIncomeJobsRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    context->pipeline->Submit(std::make_unique<ListIncomeJobsJob>(context, std::move(rpc)));
  };
}

RpcHandler DelayIncomeHandler(ServiceContext* context) {
  return ChangeJob<v1::DelayIncomeRequest, v1::DelayIncomeResponse, ManualDelayCommand,
                   ManualDelayRecord>::Handler(context);
}

}  // namespace tipgate

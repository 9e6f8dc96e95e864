#include "server/recharge_handlers.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "server/change_job.h"
#include "server/visit_job.h"

namespace tipgate {
namespace {

class CheckRechargeJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  static void Start(ServiceContext* context, std::unique_ptr<Rpc> rpc) {
    v1::CheckRechargeRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    if (!message.has_recharge()) {
      return RefuseMalformed(context, rpc.get(), InvalidField("recharge", "must be set"));
    }
    CheckRechargeCommand check;
    check.request.app = CallerOf(*rpc);
    if (const auto fault = Convert(message.recharge(), KeyUse::kIgnored, &check.request)) {
      return RefuseMalformed(context, rpc.get(), Within("recharge", *fault));
    }
    auto job = std::make_unique<CheckRechargeJob>(context, std::move(rpc));
    job->command = check;
    context->pipeline->Submit(std::move(job));
  }

  void Reply(const Batch& batch) override {
    const std::unique_ptr<CheckRechargeJob> self(this);
    const Answer& answer = std::get<CheckRechargeCommand>(command).answer;
    if (const auto* error = std::get_if<RequestError>(&answer)) {
      return rpc().Fail(Within("recharge", ToCallError(*error)));
    }
    const Record& record = batch.dry.records[std::get<InRecord>(answer).position];
    v1::CheckRechargeResponse response;
    FillDecision(std::get<RechargeRecord>(record), batch.dry, RecordId(),
                 response.mutable_decision());
    rpc().Reply(response);
  }
};

// Of the state; or of the store, if it can still be refunded.
class GetRechargeJob final : public ReadingJob {
 public:
  using ReadingJob::ReadingJob;

  void Read(EntryReader*) override {
    const auto stored = context().store->FindRecharge(visit().id);
    if (!stored.ok()) {
      context().damage->Raise("a recharge", stored.status().ToString());
      return rpc().Fail(DamagedError());
    }
    const bool is_known = stored->has_value() && (*stored)->is_in_wallet;
    if (!is_known) return rpc().Fail(NotFound("recharge_id", "recharge"));
    ReplyWith(**stored);
  }

 protected:
  bool Answer(const Batch&) override {
    if (!visit().found.has_value()) return false;
    ReplyWith(*visit().found);
    return true;
  }

 private:
  void ReplyWith(const Recharge& recharge) {
    v1::GetRechargeResponse response;
    FillRecharge(recharge, response.mutable_recharge());
    rpc().Reply(response);
  }

  RechargeVisit& visit() { return std::get<RechargeVisit>(command); }
};

}  // namespace

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

RpcHandler CheckRechargeHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) { CheckRechargeJob::Start(context, std::move(rpc)); };
}

RpcHandler RefundRechargeHandler(ServiceContext* context) {
  return ChangeJob<v1::RefundRechargeRequest, v1::RefundRechargeResponse, RechargeRefundCommand,
                   RechargeRecord>::Handler(context);
}

RpcHandler GetRechargeHandler(ServiceContext* context) {
  return VisitHandler<v1::GetRechargeRequest, RechargeVisit, GetRechargeJob>(context);
}

}  // namespace tipgate

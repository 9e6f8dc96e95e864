#include "server/info_handler.h"

#include <memory>
#include <utility>
#include <variant>

#include "server/duration_text.h"
#include "server/rpc_job.h"
#include "server/time_conversion.h"
#include "server/totals_conversion.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

void FillServer(const ServiceContext& context, v1::GetServerInfoResponse* out) {
  out->set_version(context.version);
  out->set_format_version(context.format_version);
  SetMilliseconds(context.idempotency_retention_ms, out->mutable_idempotency_retention());
  SetUnixMs(context.start_time_ms, out->mutable_start_time());
}

// The journal may have grown since the visit: what is told of it is at least as new as the totals.
void FillHead(const JournalHead& head, v1::GetServerInfoResponse* out) {
  out->set_journal_sequence(head.sequence);
  out->set_chain_head(ToHex(head.hash));
  SetUnixMs(head.time_ms, out->mutable_journal_time());
}

void FillState(const InfoVisit& visit, v1::GetServerInfoResponse* out) {
  out->set_policy_version(visit.policy->version);
  out->set_time_zone(visit.policy->time_zone);
  out->set_currency(visit.policy->currency);
  if (visit.fingerprint.has_value()) out->set_state_hash(visit.fingerprint->ToHex());
  *out->mutable_totals() = ToProto(visit.totals, {.payers = visit.payers_count,
                                                  .streamers = visit.streamers_count,
                                                  .sessions = visit.sessions_count});
}

class GetServerInfoJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch&) override {
    const std::unique_ptr<GetServerInfoJob> self(this);
    v1::GetServerInfoResponse response;
    FillServer(context(), &response);
    FillHead(context().journal->Head(), &response);
    FillState(std::get<InfoVisit>(command), &response);
    rpc().Reply(response);
  }
};

}  // namespace

RpcHandler GetServerInfoHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::GetServerInfoRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    auto job = std::make_unique<GetServerInfoJob>(context, std::move(rpc));
    InfoVisit visit;
    visit.wants_fingerprint = message.include_state_hash();
    job->command = std::move(visit);
    context->pipeline->Submit(std::move(job));
  };
}

}  // namespace tipgate

#include "server/session_handlers.h"

#include <memory>
#include <string>
#include <variant>

#include "server/change_job.h"
#include "server/time_conversion.h"
#include "server/visit_job.h"

namespace tipgate {
namespace {

// `tier` is that of the policy in force, or null if it has none of that name any more: then nothing
// may be received.
void FillSession(const Session& session, const Tier* tier, v1::Session* out) {
  out->set_session_id(session.id.value());
  out->set_streamer_id(session.streamer.value());
  out->set_tier(std::string(session.tier.view()));
  SetUnixMs(session.open_time_ms, out->mutable_open_time());
  SetUnixMs(session.max_end_time_ms, out->mutable_max_end_time());
  if (!session.is_open()) SetUnixMs(session.close_time_ms, out->mutable_close_time());
  out->set_received_minor(session.received.minor());
  if (tier != nullptr) out->set_received_max_minor(tier->session_received_max.minor());
}

class GetSessionJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch&) override {
    const std::unique_ptr<GetSessionJob> self(this);
    const auto& visit = std::get<SessionVisit>(command);
    if (!visit.found.has_value()) return rpc().Fail(NotFound("session_id", "session"));
    v1::GetSessionResponse response;
    FillSession(*visit.found, visit.policy->FindTier(visit.found->tier),
                response.mutable_session());
    rpc().Reply(response);
  }
};

}  // namespace

RpcHandler OpenSessionHandler(ServiceContext* context) {
  return ChangeJob<v1::OpenSessionRequest, v1::OpenSessionResponse, OpenSessionCommand,
                   SessionRecord>::Handler(context);
}

RpcHandler CloseSessionHandler(ServiceContext* context) {
  return ChangeJob<v1::CloseSessionRequest, v1::CloseSessionResponse, CloseSessionCommand,
                   SessionRecord>::Handler(context);
}

RpcHandler GetSessionHandler(ServiceContext* context) {
  return VisitHandler<v1::GetSessionRequest, SessionVisit, GetSessionJob>(context);
}

}  // namespace tipgate

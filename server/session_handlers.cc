#include "server/session_handlers.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "server/change_job.h"
#include "server/time_conversion.h"
#include "server/visit_job.h"

namespace tipgate {
namespace {

// In that tier and until that end. A tier that the policy in force has no more (null) may receive
// nothing.
void FillSession(const Session& session, const TierName& tier_name, const Tier* tier,
                 int64_t max_end_time_ms, v1::Session* out) {
  out->set_session_id(session.id.value());
  out->set_streamer_id(session.streamer.value());
  out->set_tier(std::string(tier_name.view()));
  SetUnixMs(session.open_time_ms, out->mutable_open_time());
  SetUnixMs(max_end_time_ms, out->mutable_max_end_time());
  if (!session.is_open()) SetUnixMs(session.close_time_ms, out->mutable_close_time());
  out->set_received_minor(session.received.minor());
  if (tier != nullptr) out->set_received_max_minor(tier->session_received_max.minor());
}

// A session that closed long ago is in the store only.
class GetSessionJob final : public ReadingJob {
 public:
  using ReadingJob::ReadingJob;

  void Read(EntryReader*) override {
    const absl::StatusOr<std::optional<Session>> stored = context().store->FindSession(visit().id);
    if (!stored.ok()) {
      context().damage->Raise("a session", stored.status().ToString());
      return rpc().Fail(DamagedError());
    }
    if (!stored->has_value()) return rpc().Fail(NotFound("session_id", "session"));
    ReplyWith(**stored, (*stored)->tier, (*stored)->max_end_time_ms);  // as it was opened
  }

 protected:
  bool Answer(const Batch&) override {
    if (!visit().found.has_value()) return false;
    const Session& session = *visit().found;
    const Policy& policy = *visit().policy;
    const TierName tier_name = TierNameOf(session, visit().streamer_tier, policy);
    ReplyWith(session, tier_name,
              MaxEndTimeMs(session, policy.FindTier(tier_name), policy));  // rule S7
    return true;
  }

 private:
  void ReplyWith(const Session& session, const TierName& tier_name, int64_t max_end_time_ms) {
    v1::GetSessionResponse response;
    FillSession(session, tier_name, visit().policy->FindTier(tier_name), max_end_time_ms,
                response.mutable_session());
    rpc().Reply(response);
  }

  SessionVisit& visit() { return std::get<SessionVisit>(command); }
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

#include "server/streamer_handlers.h"

#include <variant>

#include "server/change_job.h"
#include "server/facts_conversion.h"
#include "server/sanction_conversion.h"
#include "server/time_conversion.h"
#include "server/visit_job.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

// The state has income and sessions, the record that put the facts has the facts as they were told,
// and so it is with sanctions.
class GetAgencyJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch&) override {
    const std::unique_ptr<GetAgencyJob> self(this);
    const std::optional<Agency>& found = std::get<AgencyVisit>(command).found;
    if (!found.has_value()) return rpc().Fail(NotFound("agency_id", "agency"));
    v1::GetAgencyResponse response;
    response.mutable_agency()->set_agency_id(found->id.value());
    response.mutable_agency()->set_income_minor(found->income.minor());
    response.mutable_agency()->set_receivable_minor(found->receivable.minor());
    rpc().Reply(response);
  }
};

class GetStreamerJob final : public ReadingJob {
 public:
  using ReadingJob::ReadingJob;

  void Read(EntryReader* reader) override {
    const RecordId facts = visit().found->facts_record;
    const Entry* const entry = ReadEntryOf(&context(), facts, reader);
    if (entry == nullptr) return rpc().Fail(DamagedError());
    v1::Streamer& streamer = *response_.mutable_streamer();
    FillFacts(std::get<StreamerRecord>(entry->records[facts.position()]), streamer.mutable_facts());
    SetUnixMs(entry->moment.time_ms, streamer.mutable_update_time());
    for (const Sanction& sanction : visit().sanctions) {
      if (!ReadSanction(sanction.id, reader)) return rpc().Fail(DamagedError());
    }
    rpc().Reply(response_);
  }

 protected:
  bool Answer(const Batch& batch) override {
    if (!visit().found.has_value()) {
      rpc().Fail(NotFound("streamer_id", "streamer"));
      return true;
    }
    const Streamer& found = *visit().found;
    v1::Streamer& streamer = *response_.mutable_streamer();
    streamer.set_streamer_id(found.id.value());
    streamer.set_pending_minor(found.tips.pending.minor());
    streamer.set_settled_minor(found.tips.settled.minor());
    streamer.set_held_minor(found.tips.held.minor());
    streamer.set_frozen_minor(found.tips.frozen.minor());
    streamer.set_voided_minor(found.tips.voided.minor());
    streamer.set_refunded_minor(found.tips.refunded.minor());
    streamer.set_income_minor(found.income.minor());
    streamer.set_receivable_minor(found.receivable.minor());
    if (found.manual_delay_ms != 0) {
      SetMilliseconds(found.manual_delay_ms, streamer.mutable_income_delay());
    }
    streamer.set_open_session_id(found.open_session.value());
    streamer.set_sessions_today_count(found.SessionsToday(batch.entry.moment.day));
    FillSuspension(found.suspended_until_ms, batch.entry.moment.time_ms,
                   streamer.mutable_suspension());
    return false;
  }

 private:
  bool ReadSanction(RecordId id, EntryReader* reader) {
    const Entry* const entry = ReadEntryOf(&context(), id, reader);
    if (entry == nullptr) return false;
    FillSanction(std::get<SanctionRecord>(entry->records[id.position()]), *entry, id,
                 response_.mutable_streamer()->add_sanctions());
    return true;
  }

  StreamerVisit& visit() { return std::get<StreamerVisit>(command); }

  v1::GetStreamerResponse response_;
};

}  // namespace

RpcHandler PutStreamerHandler(ServiceContext* context) {
  return ChangeJob<v1::PutStreamerRequest, v1::PutStreamerResponse, StreamerCommand,
                   StreamerRecord>::Handler(context);
}

RpcHandler GetStreamerHandler(ServiceContext* context) {
  return VisitHandler<v1::GetStreamerRequest, StreamerVisit, GetStreamerJob>(context);
}

RpcHandler SanctionStreamerHandler(ServiceContext* context) {
  return ChangeJob<v1::SanctionStreamerRequest, v1::SanctionStreamerResponse, SanctionCommand,
                   SanctionRecord>::Handler(context);
}

RpcHandler LiftSanctionHandler(ServiceContext* context) {
  return ChangeJob<v1::LiftSanctionRequest, v1::LiftSanctionResponse, SanctionCommand,
                   SanctionRecord>::Handler(context);
}

RpcHandler GetAgencyHandler(ServiceContext* context) {
  return VisitHandler<v1::GetAgencyRequest, AgencyVisit, GetAgencyJob>(context);
}

}  // namespace tipgate

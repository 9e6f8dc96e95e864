#include "server/rpc_job.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/tip_lookup.h"
#include "server/call_error.h"

namespace tipgate {
namespace {

// A job on its way to the pipeline.
class SubmitTask final : public ReaderTask {
 public:
  SubmitTask(JobIntake* pipeline, std::unique_ptr<ReadingJob> job)
      : pipeline_(*pipeline), job_(std::move(job)) {}

  void Read(EntryReader*) override { pipeline_.Submit(std::move(job_)); }
  void Refuse(ReaderRefusal why) override { job_->Refuse(why); }
  int64_t reader_deadline_ns() const override { return job_->reader_deadline_ns(); }
  bool is_short() const override { return true; }

 private:
  JobIntake& pipeline_;
  std::unique_ptr<ReadingJob> job_;
};

}  // namespace

RpcJob::RpcJob(ServiceContext* context, std::unique_ptr<Rpc> rpc)
    : context_(*context), rpc_(std::move(rpc)) {
  deadline_ns = rpc_->deadline_ns();
}

void RpcJob::Fail(const RequestError& error) {
  rpc_->Fail(ToCallError(error));
  delete this;
}

void ReadingJob::Reply(const Batch& batch) {
  std::unique_ptr<ReadingJob> self(this);
  if (!Answer(batch)) context().readers->Submit(std::move(self));
}

void ReadingJob::Refuse(ReaderRefusal why) { rpc().Fail(CountRefusal(context().stats, why)); }

CallError CountRefusal(PipelineStats* stats, ReaderRefusal why) {
  if (why == ReaderRefusal::kBusy) {
    stats->overloads.Add(1);
    return ReadersBusyError();
  }
  stats->deadline_drops.Add(1);
  return ReadDeadlineError();
}

bool ParseRequest(ServiceContext* context, Rpc* rpc, google::protobuf::Message* request) {
  if (rpc->Parse(request)) return true;
  context->stats->invalid_calls.Add(1);
  return false;
}

void RefuseMalformed(ServiceContext* context, Rpc* rpc, const CallError& error) {
  context->stats->invalid_calls.Add(1);
  rpc->Fail(error);
}

ActorName CallerOf(const Rpc& rpc) { return ActorName(rpc.identity()); }

bool TakeIdentity(ServiceContext* context, Rpc* rpc, ActorName* identity) {
  *identity = CallerOf(*rpc);
  if (!identity->empty()) return true;
  context->stats->unauthenticated_calls.Add(1);
  rpc->Fail(UnauthenticatedError());
  return false;
}

absl::Status LookUpKey(const ServiceContext& context, KeyLookup* key) {
  return context.store->FindKeys(absl::MakeSpan(key, 1));
}

absl::Status LookUpSession(const ServiceContext& context, SessionRequest* request) {
  const absl::StatusOr<std::optional<Session>> stored =
      context.store->FindSession(request->session);
  if (!stored.ok()) return stored.status();
  request->was_opened = stored->has_value();
  return absl::OkStatus();
}

absl::Status LookUpRecharge(const ServiceContext& context, RechargeRefundRequest* request) {
  absl::StatusOr<std::optional<Recharge>> stored = context.store->FindRecharge(request->recharge);
  if (!stored.ok()) return stored.status();
  request->looked_up = *stored;
  return absl::OkStatus();
}

absl::StatusOr<bool> FindOldTip(const ServiceContext& context, RecordId id,
                                std::optional<Tip>* found) {
  absl::StatusOr<std::optional<Tip>> stored = context.store->FindTip(id);
  if (!stored.ok()) return stored.status();
  *found = *std::move(stored);
  if (found->has_value()) return true;
  absl::StatusOr<std::optional<Tip>> told = TipInJournal(*context.journal, id);
  if (!told.ok()) {
    context.damage->Raise(absl::StrCat("journal entry ", id.sequence()), told.status().message());
    return false;
  }
  *found = *std::move(told);
  return true;
}

void SubmitFromReader(ServiceContext* context, std::unique_ptr<ReadingJob> job) {
  context->readers->Submit(std::make_unique<SubmitTask>(context->pipeline, std::move(job)));
}

const Entry* ReadEntryOf(ServiceContext* context, RecordId record, EntryReader* reader) {
  absl::StatusOr<const Entry*> entry = reader->Read(record.sequence());
  if (entry.ok() && record.position() >= static_cast<int64_t>((*entry)->records.size())) {
    entry = absl::DataLossError("a record is missing");
  }
  if (entry.ok()) return *entry;
  context->damage->Raise(
      absl::StrCat("record ", record.position(), " of journal entry ", record.sequence()),
      entry.status().message());
  return nullptr;
}

}  // namespace tipgate

#include "server/info_handler.h"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/call_error.h"
#include "server/rpc_job.h"
#include "server/time_conversion.h"
#include "server/totals_conversion.h"
#include "tipgate/v1/audit.pb.h"
#include "yaml/duration_text.h"

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

void FillInfo(const ServiceContext& context, const InfoVisit& visit,
              v1::GetServerInfoResponse* out) {
  FillServer(context, out);
  FillHead(context.journal->Head(), out);
  FillState(visit, out);
}

class GetServerInfoJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch&) override {
    const std::unique_ptr<GetServerInfoJob> self(this);
    v1::GetServerInfoResponse response;
    FillInfo(context(), std::get<InfoVisit>(command), &response);
    rpc().Reply(response);
  }
};

// Calls that want the state's hash, which stops the sequencer for some 40 ms a million payers: one
// hash is made at a time, and it answers all that had come before it was begun. Any thread.
class StateHashCalls {
 public:
  explicit StateHashCalls(ServiceContext* context) : context_(*context) {}

  void Add(std::unique_ptr<Rpc> rpc) {
    {
      const absl::MutexLock lock(&mutex_);
      waiting_.push_back(std::move(rpc));
      if (is_hashing_) return;
      is_hashing_ = true;
    }
    MakeHash();
  }

 private:
  class HashJob;

  // Submits a hash for all that wait.
  void MakeHash();
  // The hash is made.
  void GoOn();

  ServiceContext& context_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Rpc>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool is_hashing_ ABSL_GUARDED_BY(mutex_) = false;
};

class StateHashCalls::HashJob final : public Job {
 public:
  HashJob(StateHashCalls* calls, std::vector<std::unique_ptr<Rpc>> rpcs)
      : calls_(*calls), rpcs_(std::move(rpcs)) {
    InfoVisit visit;
    visit.wants_fingerprint = true;
    command = std::move(visit);
  }

  void Reply(const Batch&) override {
    const std::unique_ptr<HashJob> self(this);
    v1::GetServerInfoResponse response;
    FillInfo(calls_.context_, std::get<InfoVisit>(command), &response);
    calls_.GoOn();
    for (const std::unique_ptr<Rpc>& rpc : rpcs_) rpc->Reply(response);
  }

  void Fail(const RequestError& error) override {
    const std::unique_ptr<HashJob> self(this);
    calls_.GoOn();
    for (const std::unique_ptr<Rpc>& rpc : rpcs_) rpc->Fail(ToCallError(error));
  }

 private:
  StateHashCalls& calls_;
  const std::vector<std::unique_ptr<Rpc>> rpcs_;
};

void StateHashCalls::MakeHash() {
  std::vector<std::unique_ptr<Rpc>> rpcs;
  {
    const absl::MutexLock lock(&mutex_);
    rpcs.swap(waiting_);
  }
  context_.pipeline->Submit(std::make_unique<HashJob>(this, std::move(rpcs)));
}

void StateHashCalls::GoOn() {
  {
    const absl::MutexLock lock(&mutex_);
    is_hashing_ = !waiting_.empty();
    if (!is_hashing_) return;
  }
  MakeHash();
}

}  // namespace

RpcHandler GetServerInfoHandler(ServiceContext* context) {
  const auto hash_calls = std::make_shared<StateHashCalls>(context);
  return [context, hash_calls](std::unique_ptr<Rpc> rpc) {
    v1::GetServerInfoRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    if (message.include_state_hash()) return hash_calls->Add(std::move(rpc));
    auto job = std::make_unique<GetServerInfoJob>(context, std::move(rpc));
    job->command = InfoVisit();
    context->pipeline->Submit(std::move(job));
  };
}

}  // namespace tipgate

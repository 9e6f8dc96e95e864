#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "core/entry.h"
#include "core/tip.h"
#include "server/job.h"
#include "server/reader_pool.h"
#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// A job that answers a call. Owns itself while the pipeline has it.
class RpcJob : public Job {
 public:
  RpcJob(ServiceContext* context, std::unique_ptr<Rpc> rpc);

  void Fail(const RequestError& error) override;

 protected:
  ServiceContext& context() { return context_; }
  Rpc& rpc() { return *rpc_; }
  // For another job that goes on with the call.
  std::unique_ptr<Rpc> TakeRpc() { return std::move(rpc_); }

 private:
  ServiceContext& context_;
  std::unique_ptr<Rpc> rpc_;
};

// One whose answer may need the journal: then the reader pool goes on with it.
class ReadingJob : public RpcJob, public ReaderTask {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch& batch) final;
  void Refuse(ReaderRefusal why) final;
  int64_t reader_deadline_ns() const final { return deadline_ns; }
  bool is_short() const override { return true; }

 protected:
  // Answers the call; false, with the call unanswered, if that is up to Read.
  virtual bool Answer(const Batch& batch) = 0;
};

// The error of a task that the readers refused; counts it.
CallError CountRefusal(PipelineStats* stats, ReaderRefusal why);

// Fills the request; false if it is malformed, which has been answered and counted.
bool ParseRequest(ServiceContext* context, Rpc* rpc, google::protobuf::Message* request);

// Answers and counts a malformed request.
void RefuseMalformed(ServiceContext* context, Rpc* rpc, const CallError& error);

// Who makes the call; empty if that is not known.
ActorName CallerOf(const Rpc& rpc);

// Rule A2: tells who makes the call; false if that is not known, which has been answered and
// counted.
bool TakeIdentity(ServiceContext* context, Rpc* rpc, ActorName* identity);

// Finds `key` in the stored index.
absl::Status LookUpKey(const ServiceContext& context, KeyLookup* key);

// Notes whether a session of this id is stored.
absl::Status LookUpSession(const ServiceContext& context, SessionRequest* request);

// Notes what is stored of a recharge.
absl::Status LookUpRecharge(const ServiceContext& context, RechargeRefundRequest* request);

// Notes what journal or store know of a tip. False: the journal is damaged there, of which
// operators have been told. An error: the store is.
absl::StatusOr<bool> FindOldTip(const ServiceContext& context, RecordId id,
                                std::optional<Tip>* found);

// Hands the job to the pipeline on a reader's thread, for its look-ups read the journal.
void SubmitFromReader(ServiceContext* context, std::unique_ptr<ReadingJob> job);

// The entry of a record that is known to be there; null if it cannot be read, of which operators
// have been told: the caller gets a DamagedError.
const Entry* ReadEntryOf(ServiceContext* context, RecordId record, EntryReader* reader);

}  // namespace tipgate

#pragma once

#include <google/protobuf/message.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/clock.h"
#include "core/key_memory.h"
#include "core/state.h"
#include "server/handlers.h"
#include "server/income_runner.h"
#include "server/pipeline.h"
#include "server/reader_pool.h"
#include "server/rpc.h"
#include "server/service_context.h"
#include "tests/support/memory_journal.h"
#include "tests/support/memory_state_store.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// A journal in memory for many threads, with entries that a test can spoil, claims that it can let
// fail, and writes that it can hold up.
class SharedJournal final : public Journal {
 public:
  absl::StatusOr<int64_t> Claim() override;
  absl::Status Append(const Entry& entry) override;
  JournalHead Head() const override;
  absl::Status Read(int64_t sequence, Entry* entry) const override;
  std::unique_ptr<JournalReader> ReadFrom(int64_t first_sequence) const override;

  void Spoil(int64_t sequence);
  void FailClaims();
  int64_t claims_count() const;
  // From here on each Append waits for Release.
  void Hold();
  void Release();
  // Returns once an Append waits.
  void AwaitHeldAppend() const;

 private:
  mutable absl::Mutex mutex_;
  bool fails_claims_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t claims_count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_released_ ABSL_GUARDED_BY(mutex_) = true;
  bool is_append_held_ ABSL_GUARDED_BY(mutex_) = false;
  MemoryJournal journal_ ABSL_GUARDED_BY(mutex_);
};

class SharedStateStore final : public StateStore {
 public:
  absl::StatusOr<StoredState> Load() override;
  absl::Status LoadPayers(PayersTaker take) override;
  absl::Status Write(const StateImage& image) override;
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const override;
  absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const override;
  absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) const override;
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const override;
  absl::Status FindKeys(absl::Span<KeyLookup> keys) const override;

  // What the last checkpoint said.
  int64_t forget_keys_before() const;
  // From here on each Write waits for Release.
  void Hold();
  void Release();

 private:
  mutable absl::Mutex mutex_;
  int64_t forget_keys_before_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_released_ ABSL_GUARDED_BY(mutex_) = true;
  MemoryStateStore store_ ABSL_GUARDED_BY(mutex_);
};

// A clock that a test sets. It starts at 2026-11-23 20:00:00 in Shanghai.
class ManualClock final : public Clock {
 public:
  int64_t WallNs() const override { return now_ns_.load() + step_ns_.load(); }
  int64_t SteadyNs() const override { return now_ns_.load(); }

  void Advance(absl::Duration duration) { now_ns_ += absl::ToInt64Nanoseconds(duration); }
  // The wall clock alone jumps.
  void Step(absl::Duration duration) { step_ns_ += absl::ToInt64Nanoseconds(duration); }
  int64_t now_ms() const { return WallNs() / kNanosPerMilli; }

 private:
  std::atomic<int64_t> now_ns_{1'795'435'200'000 * kNanosPerMilli};
  std::atomic<int64_t> step_ns_{0};
};

// What a call came back with.
template <typename ResponseType>
struct Called {
  ResponseType response;
  std::string bytes;
  std::optional<CallError> error;

  // The error's reason, or a value that no error has.
  ErrorReason reason() const { return error.has_value() ? error->reason : ErrorReason{}; }
};

// All handlers on a real pipeline, without a network: the sample policy and catalogue are in force.
class ServiceGate {
 public:
  explicit ServiceGate(int64_t requests_max = 100'000, int64_t checkpoint_keys_max = 1'000'000,
                       int64_t payers_resident_max = 1'000);
  ~ServiceGate();

  // Makes a call and waits for its answer.
  template <typename ResponseType>
  Called<ResponseType> Call(const RpcHandler& handler, const google::protobuf::Message& request) {
    Called<ResponseType> called;
    called.error = Call(handler, request, &called.bytes);
    if (!called.error.has_value()) TIPGATE_CHECK(called.response.ParseFromString(called.bytes));
    return called;
  }

  // Payer 1 and streamer 1 of tier L3, adults, and open session 1.
  void PutScene();

  // Runs a command of the gate itself.
  void RunOwn(Command command);

  // Without it none are configured. Before the first call.
  void set_backups(BackupStore* backups) { context_.backups = backups; }

  // Drains the pipeline, with a last checkpoint; no call may come after it.
  void Stop();

  std::string identity;  // who makes the calls from here on; empty: nobody known
  SharedJournal journal;
  SharedStateStore store;
  ManualClock clock;
  std::vector<absl::Status> clock_told;  // by the pipeline; after Stop
  GrpcServer::Handlers handlers;
  PipelineStats& stats() { return pipeline_.stats(); }

 private:
  std::optional<CallError> Call(const RpcHandler& handler, const google::protobuf::Message& request,
                                std::string* bytes);

  State state_;
  KeyMemory keys_;
  Pipeline pipeline_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<IncomeRunner> income_runner_;
  DamageAlarm damage_{&pipeline_.stats().damaged_reads, &clock};
  ServiceContext context_;
};

}  // namespace tipgate

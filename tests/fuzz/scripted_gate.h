#pragma once

#include <google/protobuf/message.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/key_memory.h"
#include "core/state.h"
#include "server/durable_signal.h"
#include "server/event_service.h"
#include "server/grpc_server.h"
#include "server/pipeline.h"
#include "server/reader_pool.h"
#include "server/service_context.h"
#include "server/verify_service.h"
#include "storage/entry_codec.h"
#include "tests/fuzz/call_script.h"
#include "tests/support/memory_journal.h"
#include "tests/support/memory_state_store.h"

namespace tipgate::fuzz {

// Encodes what is appended as the journal on disk does, and notes if it cannot be read back.
class EncodingJournal final : public Journal {
 public:
  absl::StatusOr<int64_t> Claim() override { return entries_.Claim(); }
  absl::Status Append(const Entry& entry) override;
  JournalHead Head() const override { return entries_.Head(); }
  absl::Status Read(int64_t sequence, Entry* entry) const override {
    return entries_.Read(sequence, entry);
  }
  std::unique_ptr<JournalReader> ReadFrom(int64_t first_sequence) const override {
    return entries_.ReadFrom(first_sequence);
  }

  const std::string& fault() const { return fault_; }

 private:
  MemoryJournal entries_;
  EntryEncoder encoder_;
  EntryEncoder second_encoder_;
  EntryDecoder decoder_;
  std::string fault_;
};

// Time passes when the script says so.
class ScriptedClock final : public Clock {
 public:
  int64_t WallNs() const override { return now_ns_; }
  int64_t SteadyNs() const override { return now_ns_; }
  void Pass(int64_t ms) { now_ns_ += ms * kNanosPerMilli; }

 private:
  int64_t now_ns_ = 1'795'435'200'000 * kNanosPerMilli;  // 2026-11-23 20:00 in Shanghai
};

// The gate from a request's bytes to the bytes of its answer: handlers, pipeline, conversion; with
// journal and store in memory, and the sample policy, payer 1, streamer 1 and open session 1. The
// thread that makes a call takes the pipeline's steps itself.
class ScriptedGate {
 public:
  ScriptedGate();
  ~ScriptedGate();

  // Makes one call. False: something is wrong, see fault.
  bool Call(const ScriptedCall& call);

  // What must hold at the end: the journal verifies, and tells all that there is to watch.
  bool Finish();

  const std::string& fault() const { return fault_; }

 private:
  class ScriptedRpc;
  class ScriptedStream;
  class OwnJob;

  // What comes of a call; perhaps from a reader's thread.
  struct Answer {
    std::atomic<int> count{0};
    std::optional<CallError> error;  // before the count
  };

  // Runs a command of the gate's own; what it becomes.
  std::optional<CallError> RunOwn(Command* command);
  void PutScene();
  void CallOrDie(const char* method, const google::protobuf::Message& request);
  // Takes the stages' steps until there is an answer.
  void StepUntil(const Answer& answer);
  std::optional<CallError> CallStream(const Method& method, const std::string& request);
  void CheckError(const Method& method, const CallError& error);
  bool TellEvents();
  void Note(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }

  std::string fault_;
  EncodingJournal journal_;
  MemoryStateStore store_;
  ScriptedClock clock_;
  State state_;
  KeyMemory keys_;
  Pipeline pipeline_;
  DamageAlarm damage_{&pipeline_.stats().damaged_reads, &clock_};
  DurableSignal signal_;
  EventService events_{&journal_, &signal_, &damage_};
  VerifyService verify_;
  ReaderPool readers_{&journal_, &clock_, 1};
  ServiceContext context_;
  GrpcServer::Handlers handlers_;
};

}  // namespace tipgate::fuzz

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/calendar.h"
#include "core/hash128.h"
#include "tests/oracle/policy.h"
#include "tests/oracle/results.h"
#include "tests/support/core_gate.h"

namespace tipgate::differ {

// The real core as the duel uses it: sequencer, journal and store in memory, and all that the
// server does around them that an answer depends on. One thread.
class Gate {
 public:
  Gate(const oracle::Policy& policy, int64_t key_retention_ms, int64_t payers_resident_max);

  // Goes on with the clock; never back. Takes a checkpoint now and then, as the server does: what
  // is forgotten has always been stored before.
  void SetTime(int64_t time_ms);

  // Runs one command in a batch of its own and returns the entry that it went into.
  const Entry& Execute(Command* command);

  // Settles all that is due.
  void Settle();

  // A checkpoint in parts, which may have requests between them. The second is true if that was the
  // last part of one that was begun.
  void CheckpointBegin();
  bool CheckpointPart(size_t entities_count);

  // Dies and is started again.
  void Restart();

  // Decides the whole journal again, from its first entry. Empty if all is well.
  std::string Verify() const;

  // A token that was not given before.
  int64_t NextToken() { return ++tokens_count_; }

  // What orders about many tips have led to, by job.
  std::map<RecordId, oracle::IncomeResult>& incomes() { return incomes_; }

  CoreGate& core() { return *core_; }
  const CoreGate& core() const { return *core_; }
  Moment MomentAt(int64_t time_ms) { return calendar_.At(time_ms); }
  Moment Now() { return MomentAt(core_->now_ms); }

 private:
  std::unique_ptr<CoreGate> core_;
  Calendar calendar_;
  int64_t checkpoint_time_ms_;
  std::optional<KeyTables> frozen_keys_;  // set while a checkpoint is under way
  int64_t frozen_sequence_ = 0;
  int64_t tokens_count_ = 0;
  std::map<RecordId, oracle::IncomeResult> incomes_;
};

}  // namespace tipgate::differ

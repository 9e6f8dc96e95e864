#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/key_memory.h"
#include "core/sequencer.h"
#include "core/state.h"
#include "core/timeline.h"
#include "server/stage.h"

namespace tipgate {

// The first stage: decides what waits in the ring, batch by batch, and copies changed state for
// checkpoints between two batches. One thread.
class SequencerStage {
 public:
  // All that is pointed to outlives this; state and keys are as of `last_sequence`, the journal's
  // head.
  SequencerStage(StageContext* context, State* state, KeyMemory* keys, Timeline timeline,
                 int64_t last_sequence);

  Progress Step();
  void Wait();

  const ResidentFilter& residents() const { return sequencer_.residents(); }

 private:
  // Why a step found nothing to do.
  enum class Idleness { kNoRound, kNoWork, kJournalBusy };

  Progress Rest(Idleness why);
  void WaitForJournal();
  // Begins a batch and decides what waits; false if there is nothing to do.
  bool Open();
  // A batch that is closed while the journal writes would only wait. So it stays open: each fsync
  // carries as many decisions as there are.
  bool StaysOpen() const;
  void Close();
  // Hands the round over, unless there is nothing in it.
  Progress Pass();

  bool IsTimeDue() const;
  int64_t IdleNs() const;
  absl::StatusOr<Moment> Stamp();
  // Decides what waits, as far as there is room in the batch.
  void Execute();
  // False: it is not decided in this batch, and may never be.
  bool Admit(Job* job, int64_t waited_ns);
  void FailWaiting(const RequestError& error);
  void LeaveRing(const Job& job);

  bool TakeCheckpointPart();
  bool IsCheckpointDue() const;

  StageContext& context_;
  State& state_;
  KeyMemory& keys_;
  Sequencer sequencer_;
  Timeline timeline_;

  Round* round_ = nullptr;    // null: one is to be taken
  bool is_open_ = false;      // its batch
  bool may_end_ = false;      // nothing comes after what is in the ring
  int64_t requests_ = 0;      // in the open batch
  int64_t open_ns_ = 0;       // when it was opened
  int64_t waited_ns_ = 0;     // of that in Wait
  Job* held_back_ = nullptr;  // popped, but had no room in its batch
  Idleness idleness_ = Idleness::kNoWork;

  bool is_checkpointing_ = false;
  KeyTables checkpoint_keys_;
  KeyTables dropped_keys_;           // to be freed with the next image
  int64_t checkpoint_sequence_ = 0;  // the last one begun
  int64_t checkpoint_time_ns_;
};

}  // namespace tipgate

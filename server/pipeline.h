#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "core/key_memory.h"
#include "core/state.h"
#include "core/timeline.h"
#include "server/checkpoint_stage.h"
#include "server/intake.h"
#include "server/job.h"
#include "server/journal_stage.h"
#include "server/pipeline_options.h"
#include "server/reply_stage.h"
#include "server/round.h"
#include "server/sequencer_stage.h"
#include "server/stage.h"
#include "server/stats.h"

namespace tipgate {

// The way of every call: ring, sequencer, journal, reply; one thread each, so that a batch is
// decided while the one before is written and the one before that is answered. Behind it, one more
// thread stores checkpoints.
//
// Submit: any thread. All else: the owner's. Either Start and Stop run the stages on threads, or
// the owner takes their steps itself, for a simulation, and neither is called.
class Pipeline final : public JobIntake {
 public:
  // All that is pointed to outlives this; state and keys are as of the journal's head, and belong
  // to the pipeline. `last_sequence` is that head.
  Pipeline(const PipelineOptions& options, PipelinePorts ports, State* state, KeyMemory* keys,
           Timeline timeline, int64_t last_sequence, PipelineListeners listeners);
  ~Pipeline() override;

  void Start();

  // Answers all that was submitted, stores a checkpoint of all state, and ends the threads. Nothing
  // may be submitted any more.
  void Stop();

  // Whether a client's call with this deadline, in Unix nanoseconds, would be refused as overload;
  // if so, that is counted. Any thread.
  bool Refuses(int64_t deadline_ns) { return intake_.Refuses(deadline_ns); }

  // The first half of Stop: stages end once they have done all that there is to do.
  void BeginStop();

  // Takes the job, or fails it at once, on this thread, with kOverloaded. Looks its keys up first.
  void Submit(std::unique_ptr<Job> job) override { intake_.Submit(std::move(job)); }

  // Keys of entries up to here are in the stored index.
  int64_t stored_sequence() const {
    return context_.stored_sequence.load(std::memory_order_acquire);
  }

  PipelineStats& stats() { return context_.stats; }

  SequencerStage& sequencer_stage() { return sequencer_stage_; }
  JournalStage& journal_stage() { return journal_stage_; }
  ReplyStage& reply_stage() { return reply_stage_; }
  CheckpointStage& checkpoint_stage() { return checkpoint_stage_; }

 private:
  StageContext context_;
  std::vector<std::unique_ptr<Round>> rounds_;
  SequencerStage sequencer_stage_;
  Intake intake_;
  JournalStage journal_stage_;
  ReplyStage reply_stage_;
  CheckpointStage checkpoint_stage_;
  std::vector<std::thread> threads_;
};

}  // namespace tipgate

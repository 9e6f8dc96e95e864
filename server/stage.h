#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "server/job.h"
#include "server/pace.h"
#include "server/pipeline_options.h"
#include "server/ring.h"
#include "server/round.h"
#include "server/stats.h"

namespace tipgate {

// What came of a step of a stage.
enum class Progress {
  kWorked,
  kIdle,   // there is nothing to do before another stage or a caller does something
  kEnded,  // and there never will be
};

// How long a stage sleeps at most before it looks around.
inline constexpr int64_t kStageIdleNs = 100'000'000;

// What the stages of the pipeline share and hand to each other. Each stage has
//
//   Progress Step();  // does what there is to do; never waits
//   void Wait();      // after kIdle: sleeps until a step may find something
//
// so that a thread a stage can run them, or one thread all of them in any order.
struct StageContext {
  // Batches that go round: one being decided, one written, one answered, and one to spare.
  static constexpr size_t kRounds = 4;

  explicit StageContext(const PipelineOptions& pipeline_options, PipelinePorts pipeline_ports)
      : options(pipeline_options),
        ports(pipeline_ports),
        waiting(static_cast<size_t>(options.ring_calls_max)),
        free(kRounds),
        decided(kRounds),
        durable(kRounds),
        images(kRounds),
        stored_sequence(options.stored_sequence) {}

  // Takes a job out of what is in flight; it is answered after that.
  void Finish(const Job& job) { stats.requests_in_flight.fetch_sub(job.requests_count); }

  const PipelineOptions options;
  const PipelinePorts ports;
  PipelineListeners listeners;
  PipelineStats stats;
  Pace pace;

  Ring<Job> waiting;        // callers -> sequencer
  Ring<Round> free;         // replies -> sequencer
  Ring<Round> decided;      // sequencer -> journal
  Ring<Round> durable;      // journal -> replies
  Ring<StateImage> images;  // replies -> checkpoints

  std::atomic<bool> is_stopping{false};
  std::atomic<bool> is_done_replying{false};
  std::atomic<int> in_journal_count{0};    // rounds that are decided and not durable
  std::atomic<int> images_in_flight{0};    // copied and not stored
  std::atomic<int64_t> outdated_count{0};  // jobs on their way back to the ring
  std::atomic<bool> is_behind{false};      // checkpoints do not keep up: clients are to back off
  std::atomic<int64_t> stored_sequence;    // keys of entries up to here are in the stored index
};

}  // namespace tipgate

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/journal.h"
#include "core/key_memory.h"
#include "core/sequencer.h"
#include "core/state.h"
#include "core/state_store.h"
#include "core/timeline.h"
#include "server/job.h"
#include "server/ring.h"
#include "server/stats.h"

namespace tipgate {

struct PipelineOptions {
  StateLimits limits;
  int64_t ring_calls_max = 0;      // a power of two
  int64_t requests_max = 0;        // in all calls that wait or are in work
  int64_t batch_requests_max = 0;  // a batch takes no further call once it has this many
  int64_t checkpoint_interval_ns = 0;
  // Keys in memory that bring a checkpoint before its time; about 200 MB.
  int64_t checkpoint_keys_max = 4'000'000;
  int64_t stored_sequence = 0;  // what the state store already holds
};

// The way of every call: ring, sequencer, journal, reply; one thread each, so that a batch is
// decided while the one before is written and the one before that is answered. A few batches go
// round and are reused. Behind it, one more thread stores checkpoints.
//
// Submit: any thread. Start and Stop: the owner's.
class Pipeline final : public JobIntake {
 public:
  // Told of an error after which nothing may be acknowledged; must not return.
  using FailStop = std::function<void(const absl::Status&)>;
  // Told, on the replying thread, that the journal is durable up to this entry.
  using DurableListener = std::function<void(int64_t sequence)>;
  // Told, on the sequencer's thread, when decisions begin to be refused because of the clock, with
  // the reason, and when that has ended, with OK. The gate must ask itself something now and then
  // to find out while no calls come.
  using ClockListener = std::function<void(const absl::Status&)>;

  struct Ports {
    Journal* journal;
    StateStore* store;
    const Clock* clock;
  };

  // All that is pointed to outlives this; state and keys are as of the journal's head, and belong
  // to the pipeline from Start to Stop. `last_sequence` is that head.
  Pipeline(const PipelineOptions& options, Ports ports, State* state, KeyMemory* keys,
           Timeline timeline, int64_t last_sequence);
  ~Pipeline() override;

  void Start(FailStop fail_stop, DurableListener on_durable, ClockListener on_clock);

  // Answers all that was submitted, stores a checkpoint of all state, and ends the threads. Nothing
  // may be submitted any more.
  void Stop();

  // Takes the job, or fails it at once, on this thread, with kOverloaded. Looks its keys up first.
  void Submit(std::unique_ptr<Job> job) override;

  // Keys of entries up to here are in the stored index.
  int64_t stored_sequence() const { return stored_sequence_.load(std::memory_order_acquire); }

  PipelineStats& stats() { return stats_; }

 private:
  // A batch on its way round.
  struct Round {
    Batch batch;
    bool has_records = false;
    bool is_last = false;
    bool serves_clients = false;  // a job of the batch is a client's
    std::vector<Job*> answered;
    std::vector<std::pair<Job*, RequestError>> failed;
    std::vector<Job*> outdated;         // their look-ups must be made again
    std::unique_ptr<StateImage> image;  // may be stored once the batch is durable
    TipSums tips;                       // totals after the batch
    Money recharge_held;
    Money balances;
    int64_t open_jobs_count = 0;
  };

  void RunSequencer();
  void RunJournal();
  void RunReplies();
  void RunCheckpoints();

  Round* TakeRound();
  // Decides all that waits; false if there was nothing to do.
  bool FillRound(Round* round);
  absl::StatusOr<Moment> Stamp(int64_t steady_ns);
  // Executes what waits, as far as it fits a batch that has so many requests; how many it has then.
  int64_t ExecuteWaiting(int64_t requests, Round* round);
  bool IsJournalBusy() const { return in_journal_count_.load(std::memory_order_relaxed) > 0; }
  bool Admit(Job* job, int64_t wall_ns, Round* round);
  void FailWaiting(const RequestError& error, Round* round);
  void LeaveRing(const Job& job, Round* round);
  bool TakeCheckpointPart(Round* round);
  bool IsTimeDue() const;
  int64_t IdleNs() const;
  void SubmitToRing(Job* job);
  // Of a job whose look-ups were outdated.
  void SubmitAgain(Job* job);
  void CountRecords(const Entry& entry);
  void TellTips(const TipSums& tips);
  int64_t KeysForgottenBefore();
  void FinishJob(Job* job) { stats_.requests_in_flight.fetch_sub(job->requests_count); }

  const PipelineOptions options_;
  const Ports ports_;
  State& state_;
  KeyMemory& keys_;
  FailStop fail_stop_;
  DurableListener on_durable_;
  ClockListener on_clock_;
  PipelineStats stats_;

  Ring<Job> waiting_;
  Ring<Round> free_;
  Ring<Round> decided_;
  Ring<Round> durable_;
  Ring<StateImage> images_;
  std::vector<std::unique_ptr<Round>> rounds_;
  std::atomic<bool> is_stopping_{false};
  std::atomic<int64_t> stored_sequence_;
  std::atomic<int> images_in_flight_{0};
  std::atomic<int> in_journal_count_{0};  // rounds that are decided and not durable
  std::atomic<bool> is_done_replying_{false};
  std::atomic<int64_t> outdated_count_{0};  // jobs on their way back to the ring
  std::atomic<bool> is_behind_{false};      // checkpoints do not keep up: clients are to back off

  // The sequencer's thread.
  Sequencer sequencer_;
  Timeline timeline_;
  Job* held_back_ = nullptr;  // popped, but had no room in its batch
  bool is_checkpointing_ = false;
  KeyTables checkpoint_keys_;
  KeyTables dropped_keys_;  // to be freed with the next image
  int64_t checkpoint_sequence_ = 0;                            // the last one begun
  int64_t checkpoint_time_ns_ = 0;

  // The checkpoints' thread.
  int64_t keys_forgotten_before_ = 0;
  int64_t keys_looked_ns_ = 0;  // when that was last brought up to date

  std::vector<std::thread> threads_;
};

}  // namespace tipgate

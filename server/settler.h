#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "core/entry.h"
#include "core/journal.h"
#include "core/settlement.h"
#include "server/job.h"

namespace tipgate {

// Settles what is due: for each settle delay it follows the journal at that distance, sums up the
// tips that fell due, and hands the sum to the sequencer, which journals it exactly once.
//
// Either Start and Stop give it a thread of its own, or the owner takes its steps, for a
// simulation.
class Settler {
 public:
  using FailStop = std::function<void(const absl::Status&)>;

  // All that is pointed to outlives this. `fail_stop` is told of damaged bytes; must not return.
  Settler(JobIntake* pipeline, const Journal* journal, const Clock* clock, FailStop fail_stop)
      : pipeline_(*pipeline),
        journal_(*journal),
        clock_(*clock),
        fail_stop_(std::move(fail_stop)) {}
  ~Settler();

  void Start();
  void Stop();

  // Settles what is due now, and waits for it. True if more may be due at once.
  bool Step();

 private:
  // Follows the journal for one delay, from where it is settled.
  struct Follower {
    std::unique_ptr<JournalReader> reader;
    SettlementCollector due;  // what the reader has passed
    Entry next;               // read, but not due yet
    bool has_next = false;
  };

  void Run();
  bool WaitForNextRound(absl::Duration interval);
  bool SettleDelay(const SettleCursor& cursor);
  Follower& FollowerOf(const SettleCursor& cursor);
  bool FillNext(Follower* follower);

  JobIntake& pipeline_;
  const Journal& journal_;
  const Clock& clock_;
  const FailStop fail_stop_;
  std::map<int64_t, Follower> followers_;
  std::thread thread_;
  absl::Mutex mutex_;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tipgate

#pragma once

#include <functional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/income_job.h"
#include "core/journal.h"
#include "core/state_store.h"
#include "server/job.h"

namespace tipgate {

// Carries out the orders about many tips: finds the tips of the next step in the journal and hands
// them to the sequencer, one step of each job at a time, so that tips do not wait for it. Where a
// job goes on stands in the state, so a restart loses nothing and does nothing twice.
//
// Either Start and Stop give it a thread of its own, or the owner takes its steps, for a
// simulation.
class IncomeRunner {
 public:
  using FailStop = std::function<void(const absl::Status&)>;

  // All that is pointed to outlives this. `fail_stop` is told of damaged bytes; must not return.
  IncomeRunner(JobIntake* pipeline, const Journal* journal, const StateStore* store,
               FailStop fail_stop)
      : pipeline_(*pipeline),
        journal_(*journal),
        store_(*store),
        fail_stop_(std::move(fail_stop)) {}
  ~IncomeRunner();

  void Start();
  void Stop();

  // Carries out one step of each open job, and waits for it. True if there may be more to do at
  // once.
  bool Step();

 private:
  void Run();
  bool WaitForNextRound(absl::Duration interval);
  bool RunStep(const IncomeJob& job);
  bool IsStopping();

  JobIntake& pipeline_;
  const Journal& journal_;
  const StateStore& store_;
  const FailStop fail_stop_;
  std::thread thread_;
  absl::Mutex mutex_;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tipgate

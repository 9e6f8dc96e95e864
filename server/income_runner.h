#pragma once

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/income_job.h"
#include "core/journal.h"
#include "core/state_store.h"
#include "server/pipeline.h"

namespace tipgate {

// Carries out the orders about many tips: finds the tips of the next step in the journal and hands
// them to the sequencer, one step of each job at a time, so that tips do not wait for it. Where a
// job goes on stands in the state, so a restart loses nothing and does nothing twice. One thread of
// its own.
class IncomeRunner {
 public:
  using FailStop = std::function<void(const absl::Status&)>;

  // All that is pointed to outlives this.
  IncomeRunner(Pipeline* pipeline, const Journal* journal, const StateStore* store)
      : pipeline_(*pipeline), journal_(*journal), store_(*store) {}
  ~IncomeRunner();

  // `fail_stop` is told of damaged bytes; must not return.
  void Start(FailStop fail_stop);
  void Stop();

 private:
  void Run();
  bool WaitForNextRound(absl::Duration interval);
  bool RunSteps();
  bool RunStep(const IncomeJob& job);
  bool IsStopping();

  Pipeline& pipeline_;
  const Journal& journal_;
  const StateStore& store_;
  FailStop fail_stop_;
  std::thread thread_;
  absl::Mutex mutex_;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tipgate

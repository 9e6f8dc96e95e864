#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/clock.h"
#include "server/job.h"
#include "tests/simulation/history.h"

namespace tipgate::simulation {

// The door to the pipeline for all that runs in the simulation. Keeps every job that is under way,
// so that none outlives its process; tells history as answers leave; sees that nothing is executed
// after its deadline. Who waits for a command of the gate's own, waits here while others take
// steps.
class SimulatedIntake final : public JobIntake {
 public:
  // Both outlive it.
  SimulatedIntake(History* history, const Clock* clock) : history_(*history), clock_(*clock) {}
  ~SimulatedIntake() override { LoseAll(); }

  // For the next process. `take_step`: of somebody else than those who wait; may throw Death.
  void Connect(JobIntake* pipeline, std::function<void()> take_step);

  void Submit(std::unique_ptr<Job> job) override;

  // After each step of the sequencer, at the time of that step.
  void CheckDeadlines();

  // The process is gone: nothing that is under way is answered any more.
  void LoseAll();

  // A job is under way.
  bool HasJobs() const { return !jobs_.empty(); }

  // Why jobs were refused, how often.
  const std::map<std::string, int64_t>& refusals() const { return refusals_; }
  const std::string& fault() const { return fault_; }

 private:
  class HandedJob;

  History& history_;
  const Clock& clock_;
  JobIntake* pipeline_ = nullptr;
  std::function<void()> take_step_;
  int64_t jobs_count_ = 0;
  std::map<int64_t, HandedJob*> jobs_;  // under way
  std::map<std::string, int64_t> refusals_;
  std::string fault_;
};

}  // namespace tipgate::simulation

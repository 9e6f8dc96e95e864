#pragma once

#include <memory>

#include "core/resident_filter.h"
#include "server/job.h"
#include "server/stage.h"

namespace tipgate {

// The door of the pipeline: refuses what is too much or too late, looks up what a job's command
// needs of the store, and puts it into the ring. Any thread.
class Intake {
 public:
  // Both outlive it.
  Intake(StageContext* context, const ResidentFilter* residents)
      : context_(*context), residents_(*residents) {}

  // Takes a new job; one that is refused fails at once, on this thread.
  void Submit(std::unique_ptr<Job> job);

  // Takes a job again whose look-ups were outdated when its turn came.
  void SubmitAgain(std::unique_ptr<Job> job);

 private:
  void Enter(Job* job);
  void Refuse(Job* job, const RequestError& error);

  StageContext& context_;
  const ResidentFilter& residents_;
};

}  // namespace tipgate

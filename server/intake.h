#pragma once

#include <cstdint>
#include <memory>

#include "core/resident_filter.h"
#include "server/job.h"
#include "server/stage.h"

namespace tipgate {

// The door of the pipeline: refuses what is too much or too late, and changes while the disk is
// nearly full, looks up what a job's command
// needs of the store, and puts it into the ring. Any thread.
class Intake {
 public:
  // Both outlive it.
  Intake(StageContext* context, const ResidentFilter* residents)
      : context_(*context), residents_(*residents) {}

  // Takes a new job; one that is refused fails at once, on this thread.
  void Submit(std::unique_ptr<Job> job);

  // Whether a client's call with this deadline would be refused now as overload, which is counted:
  // asked before the call is parsed, so that refusing costs little.
  bool Refuses(int64_t deadline_ns);

  // Takes a job again whose look-ups were outdated when its turn came.
  void SubmitAgain(std::unique_ptr<Job> job);

 private:
  bool IsTooBusy(int64_t left_ns, int64_t in_flight) const;
  bool MeetsFullDisk(const Job& job) const;
  void Enter(Job* job);
  void Refuse(Job* job, const RequestError& error);

  StageContext& context_;
  const ResidentFilter& residents_;
};

}  // namespace tipgate

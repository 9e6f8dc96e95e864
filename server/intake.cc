#include "server/intake.h"

#include "server/pipeline_errors.h"

namespace tipgate {

void Intake::Submit(std::unique_ptr<Job> job) {
  PipelineStats& stats = context_.stats;
  const int64_t left_ns = job->deadline_ns - context_.ports.clock->WallNs();
  if (left_ns <= 0) {
    stats.deadline_drops.Add(1);
    job.release()->Fail(kDeadlineError);
    return;
  }
  if (MeetsFullDisk(*job)) {
    stats.disk_refusals.Add(1);
    job.release()->Fail(kDiskFullError);
    return;
  }
  const int64_t in_flight = stats.requests_in_flight.fetch_add(job->requests_count);
  const bool is_too_much = in_flight + job->requests_count > context_.options.requests_max ||
                           (job->is_of_client && IsTooBusy(left_ns, in_flight));
  if (is_too_much && !job->is_urgent) {
    stats.overloads.Add(1);
    Refuse(job.release(), kOverloadedError);
    return;
  }
  job->enqueue_ns = context_.ports.clock->SteadyNs();
  Enter(job.release());
}

bool Intake::Refuses(int64_t deadline_ns) {
  const int64_t left_ns = deadline_ns - context_.ports.clock->WallNs();
  const int64_t in_flight = context_.stats.requests_in_flight.load(std::memory_order_relaxed);
  if (in_flight < context_.options.requests_max && !IsTooBusy(left_ns, in_flight)) return false;
  context_.stats.overloads.Add(1);
  return true;
}

bool Intake::IsTooBusy(int64_t left_ns, int64_t in_flight) const {
  return context_.is_behind.load(std::memory_order_relaxed) ||
         context_.pace.IsHopeless(left_ns, in_flight);
}

// What the gate itself does is little, and frees memory; a stop must always work.
bool Intake::MeetsFullDisk(const Job& job) const {
  return context_.stats.is_disk_full.load(std::memory_order_relaxed) && job.is_of_client &&
         !job.is_urgent && MayChange(job.command);
}

void Intake::SubmitAgain(std::unique_ptr<Job> job) {
  if (job->deadline_ns > context_.ports.clock->WallNs()) {
    Enter(job.release());
  } else {
    context_.stats.deadline_drops.Add(1);
    Refuse(job.release(), kDeadlineError);
  }
  context_.outdated_count.fetch_sub(1);
}

void Intake::Enter(Job* job) {
  PipelineStats& stats = context_.stats;
  // Before the look-ups: the store only grows meanwhile.
  job->index_sequence = context_.stored_sequence.load(std::memory_order_acquire);
  if (const absl::Status status = job->LookUpKeys(); !status.ok()) {
    context_.listeners.fail_stop(status);
  }
  const absl::Status status =
      LookUpPayers(job->command, residents_, *context_.ports.store, &job->payers);
  if (!status.ok()) context_.listeners.fail_stop(status);
  if (const size_t reads = job->payers.done.size(); reads != 0) {
    stats.payer_reads.Add(static_cast<int64_t>(reads));
  }
  stats.calls_in_ring.fetch_add(1, std::memory_order_relaxed);
  if (context_.waiting.Push(job)) return;
  stats.calls_in_ring.fetch_sub(1, std::memory_order_relaxed);
  stats.overloads.Add(1);
  Refuse(job, kOverloadedError);
}

void Intake::Refuse(Job* job, const RequestError& error) {
  context_.Finish(*job);
  job->Fail(error);
}

}  // namespace tipgate

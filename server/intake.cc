#include "server/intake.h"

#include "server/pipeline_errors.h"

namespace tipgate {

void Intake::Submit(std::unique_ptr<Job> job) {
  PipelineStats& stats = context_.stats;
  if (job->deadline_ns <= context_.ports.clock->WallNs()) {
    job.release()->Fail(kDeadlineError);
    return;
  }
  const int64_t in_flight = stats.requests_in_flight.fetch_add(job->requests_count);
  const bool is_too_much =
      in_flight + job->requests_count > context_.options.requests_max ||
      (context_.is_behind.load(std::memory_order_relaxed) && job->is_of_client);
  if (is_too_much && !job->is_urgent) {
    stats.overloads.Add(1);
    Refuse(job.release(), kOverloadedError);
    return;
  }
  job->enqueue_ns = context_.ports.clock->SteadyNs();
  Enter(job.release());
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

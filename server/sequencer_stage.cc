#include "server/sequencer_stage.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/check.h"
#include "server/pipeline_errors.h"

namespace tipgate {
namespace {

// Changed entities that a batch copies for the checkpoint. Few with a small batch, because the next
// fsync writes them too and callers wait for it; no more with a large one than take about 100 us.
constexpr size_t kCheckpointPartMin = 256;
constexpr size_t kCheckpointPartMax = 2048;
// Parts of checkpoints that may wait to be stored.
constexpr int kImagesMax = 4;
static_assert(kImagesMax <= static_cast<int>(StageContext::kRounds));
// How long a batch stays open at most, and so how much older than its decisions its moment can be.
constexpr int64_t kOpenMaxNs = 20'000'000;
// How soon the next checkpoint begins when there are too many payers in memory to wait for its
// time.
constexpr int64_t kCrowdedNs = 100'000'000;
// Keys that may be in memory, against those that bring a checkpoint: those of the one that is being
// stored, of the one before it, and of what comes meanwhile. With more than that the disk does not
// keep up.
constexpr int64_t kKeysInMemoryFactor = 5;

}  // namespace

SequencerStage::SequencerStage(StageContext* context, State* state, KeyMemory* keys,
                               Timeline timeline, int64_t last_sequence)
    : context_(*context),
      state_(*state),
      keys_(*keys),
      sequencer_(state, keys, context->options.limits, timeline.calendar(), last_sequence),
      timeline_(timeline),
      checkpoint_sequence_(context->options.stored_sequence),
      checkpoint_time_ns_(context->ports.clock->SteadyNs()) {}

Progress SequencerStage::Step() {
  if (round_ == nullptr) round_ = context_.free.Pop();
  if (round_ == nullptr) return Rest(Idleness::kNoRound);
  if (!is_open_) {
    // First: who brings an outdated job back counts it out after that.
    may_end_ = context_.is_stopping.load() && context_.outdated_count.load() == 0;
    is_open_ = Open();
  } else {
    Execute();
  }
  if (is_open_ && StaysOpen()) return Rest(Idleness::kJournalBusy);
  if (std::exchange(is_open_, false)) Close();
  return Pass();
}

void SequencerStage::Wait() {
  switch (idleness_) {
    case Idleness::kNoRound:
      return context_.free.Wait(kStageIdleNs);
    case Idleness::kNoWork:
      return context_.waiting.Wait(IdleNs());
    case Idleness::kJournalBusy:
      return WaitForJournal();
  }
}

void SequencerStage::WaitForJournal() {
  const int64_t asleep_ns = context_.ports.clock->SteadyNs();
  context_.waiting.WaitWhile([this] { return StaysOpen(); }, kOpenMaxNs);
  waited_ns_ += context_.ports.clock->SteadyNs() - asleep_ns;
}

Progress SequencerStage::Rest(Idleness why) {
  idleness_ = why;
  return Progress::kIdle;
}

bool SequencerStage::Open() {
  if (held_back_ == nullptr) held_back_ = context_.waiting.Pop();
  if (held_back_ == nullptr && !IsTimeDue()) return false;
  const int64_t stored_sequence = context_.stored_sequence.load(std::memory_order_acquire);
  for (auto& keys : keys_.NoteStored(stored_sequence)) dropped_keys_.push_back(std::move(keys));
  open_ns_ = context_.ports.clock->SteadyNs();
  waited_ns_ = 0;
  requests_ = 0;
  const absl::StatusOr<Moment> now = Stamp();
  if (!now.ok()) {
    FailWaiting(kClockError);
    return false;
  }
  sequencer_.Begin(*now, &round_->batch);
  Execute();
  return true;
}

bool SequencerStage::StaysOpen() const {
  return context_.in_journal_count.load(std::memory_order_relaxed) > 0 && held_back_ == nullptr &&
         !context_.is_stopping.load() && context_.ports.clock->SteadyNs() - open_ns_ < kOpenMaxNs;
}

void SequencerStage::Close() {
  PipelineStats& stats = context_.stats;
  round_->has_records = sequencer_.End();
  if (round_->has_records) {
    stats.batch_records.Observe(static_cast<int64_t>(round_->batch.entry.records.size()));
  }
  round_->tips = state_.totals.tips;
  round_->recharge_held = state_.totals.recharge_held;
  round_->balances = state_.totals.balances;
  round_->open_jobs_count = static_cast<int64_t>(state_.open_jobs.size());
  round_->open_ns = open_ns_;
  round_->requests_count = requests_;
  stats.payers_resident.store(static_cast<int64_t>(state_.payers.size()),
                              std::memory_order_relaxed);
  if (round_->serves_clients) {
    stats.decide_ns.Observe(context_.ports.clock->SteadyNs() - open_ns_ - waited_ns_);
  }
}

Progress SequencerStage::Pass() {
  const bool has_image = TakeCheckpointPart();
  context_.is_behind.store(
      keys_.count() >= kKeysInMemoryFactor * context_.options.checkpoint_keys_max,
      std::memory_order_relaxed);
  const bool has_work = has_image || !round_->IsEmpty();
  const bool is_last = may_end_ && !has_work && !is_checkpointing_;
  if (!has_work && !is_last) {
    return held_back_ == nullptr ? Rest(Idleness::kNoWork) : Progress::kWorked;
  }
  round_->is_last = is_last;
  context_.in_journal_count.fetch_add(1, std::memory_order_relaxed);
  TIPGATE_CHECK(context_.decided.Push(std::exchange(round_, nullptr)));
  return is_last ? Progress::kEnded : Progress::kWorked;
}

bool SequencerStage::IsTimeDue() const {
  return state_.NextDueMs() <= context_.ports.clock->WallNs() / kNanosPerMilli;
}

int64_t SequencerStage::IdleNs() const {
  const int64_t wall_ns = context_.ports.clock->WallNs();
  const int64_t next_due_ms = state_.NextDueMs();
  if (next_due_ms >= (wall_ns + kStageIdleNs) / kNanosPerMilli) return kStageIdleNs;
  return std::max<int64_t>(next_due_ms * kNanosPerMilli - wall_ns, kNanosPerMilli);
}

absl::StatusOr<Moment> SequencerStage::Stamp() {
  PipelineStats& stats = context_.stats;
  absl::StatusOr<Moment> now =
      timeline_.Stamp(context_.ports.clock->WallNs() / kNanosPerMilli, open_ns_ / kNanosPerMilli);
  stats.clock_backward_steps.Add(timeline_.backward_steps_count() -
                                 stats.clock_backward_steps.value());
  stats.clock_refused_jumps.Add(timeline_.refused_jumps_count() -
                                stats.clock_refused_jumps.value());
  if (stats.is_clock_refused.load(std::memory_order_relaxed) == now.ok()) {
    stats.is_clock_refused.store(!now.ok());
    context_.listeners.on_clock(now.status());
  }
  return now;
}

void SequencerStage::Execute() {
  const int64_t begin_ns = context_.ports.clock->SteadyNs();
  if (held_back_ == nullptr) held_back_ = context_.waiting.Pop();
  for (Job* job = held_back_; job != nullptr; job = held_back_ = context_.waiting.Pop()) {
    const bool is_full = requests_ >= context_.options.batch_requests_max;
    if (is_full || !sequencer_.HasRoom(job->command)) return;
    LeaveRing(*job);
    if (job->is_of_client) context_.stats.queue_ns.Observe(begin_ns - job->enqueue_ns);
    if (!Admit(job, begin_ns - job->enqueue_ns)) continue;
    sequencer_.Execute(job->command);
    round_->answered.push_back(job);
    requests_ += job->requests_count;
  }
}

// Looks at the clock for each job: those before it in the batch have taken their time.
bool SequencerStage::Admit(Job* job, int64_t waited_ns) {
  const int64_t left_ns = job->deadline_ns - context_.ports.clock->WallNs();
  if (left_ns <= 0) {
    context_.stats.deadline_drops.Add(1);
    round_->failed.emplace_back(job, kDeadlineError);
    return false;
  }
  if (!job->is_urgent && context_.pace.HasWaitedTooLong(left_ns, waited_ns)) {
    context_.stats.overloads.Add(1);
    round_->failed.emplace_back(job, kOverloadedError);
    return false;
  }
  const bool is_up_to_date = job->index_sequence >= keys_.dropped_sequence();
  if (is_up_to_date && sequencer_.Admit(job->command, &job->payers)) return true;
  context_.outdated_count.fetch_add(1);
  round_->outdated.push_back(job);
  return false;
}

void SequencerStage::FailWaiting(const RequestError& error) {
  for (Job* job = held_back_; job != nullptr; job = held_back_ = context_.waiting.Pop()) {
    LeaveRing(*job);
    round_->failed.emplace_back(job, error);
  }
}

void SequencerStage::LeaveRing(const Job& job) {
  context_.stats.calls_in_ring.fetch_sub(1, std::memory_order_relaxed);
  round_->serves_clients |= job.is_of_client;
}

// True if the round carries something for the checkpoint.
bool SequencerStage::TakeCheckpointPart() {
  if (!is_checkpointing_) {
    if (!IsCheckpointDue() || sequencer_.last_sequence() == checkpoint_sequence_) return false;
    is_checkpointing_ = true;
    checkpoint_time_ns_ = context_.ports.clock->SteadyNs();
    checkpoint_sequence_ = sequencer_.last_sequence();
    state_.BeginCheckpoint(checkpoint_sequence_);
    checkpoint_keys_ = keys_.Freeze(checkpoint_sequence_);
  }
  if (context_.images_in_flight.load() == kImagesMax) return false;
  context_.images_in_flight.fetch_add(1);
  round_->image = std::make_unique<StateImage>();
  round_->image->dropped_keys = std::exchange(dropped_keys_, {});
  const size_t part =
      std::min(kCheckpointPartMin + 2 * round_->batch.entry.records.size(), kCheckpointPartMax);
  is_checkpointing_ = state_.CopyCheckpoint(part, round_->image.get());
  round_->image->decided_sequence = sequencer_.last_sequence();
  if (!is_checkpointing_) round_->image->keys = std::move(checkpoint_keys_);
  return true;
}

bool SequencerStage::IsCheckpointDue() const {
  const PipelineOptions& options = context_.options;
  const int64_t since_last_ns = context_.ports.clock->SteadyNs() - checkpoint_time_ns_;
  return context_.is_stopping.load() || keys_.current_count() >= options.checkpoint_keys_max ||
         since_last_ns >= options.checkpoint_interval_ns ||
         (sequencer_.wants_checkpoint() && since_last_ns >= kCrowdedNs);
}

}  // namespace tipgate

#include "server/pipeline.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/journal_search.h"
#include "server/thread.h"

namespace tipgate {
namespace {

// Batches that go round: one being decided, one written, one answered, and one to spare.
constexpr size_t kRounds = 4;
// Changed entities that a batch copies for the checkpoint. Few with a small batch, because the next
// fsync writes them too and callers wait for it; no more with a large one than take about 100 us.
constexpr size_t kCheckpointPartMin = 256;
constexpr size_t kCheckpointPartMax = 2048;
// Parts of checkpoints that may wait to be stored.
constexpr int kImagesMax = 4;
// How long a batch stays open at most, and so how much older than its decisions its moment can be.
constexpr int64_t kOpenMaxNs = 20'000'000;
// How long a thread sleeps at most before it looks around.
constexpr int64_t kIdleNs = 100'000'000;

// Keys that may be in memory, against those that bring a checkpoint: those of the one that is being
// stored, of the one before it, and of what comes meanwhile. With more than that the disk does not
// keep up.
constexpr int64_t kKeysInMemoryFactor = 5;

// How often the oldest remembered key is looked for.
constexpr int64_t kForgetIntervalNs = 600'000'000'000;

// How soon the next checkpoint begins when there are too many payers in memory to wait for its
// time.
constexpr int64_t kCrowdedNs = 100'000'000;

constexpr RequestError kOverloadedError{
    ErrorReason::kOverloaded, "", "too much is waiting; back off, then retry with the same key"};
constexpr RequestError kDeadlineError{
    ErrorReason::kDeadlinePassed, "",
    "the deadline passed before the decision; nothing was counted"};
constexpr RequestError kClockError{ErrorReason::kClockUntrusted, "",
                                   "the gate's clock jumped ahead; retry with the same key"};

// Counts the records of one entry.
class RecordCounter {
 public:
  RecordCounter(const Entry& entry, PipelineStats* stats) : entry_(entry), stats_(*stats) {}

  void operator()(const TipRecord& tip) {
    Count(tip, &stats_.tips_accepted, &stats_.tips_rejected, &stats_.tip_rejections);
    stats_.reminders.Add(tip.reminders.count);
  }
  void operator()(const RechargeRecord& recharge) {
    if (recharge.action != RechargeAction::kAuthorize) return;
    Count(recharge, &stats_.recharges_accepted, &stats_.recharges_rejected,
          &stats_.recharge_rejections);
  }
  void operator()(const SessionRecord& session) {
    if (session.action != SessionAction::kOpen) return;
    Count(session, &stats_.sessions_accepted, &stats_.sessions_rejected,
          &stats_.session_rejections);
  }
  void operator()(const SettlementRecord& settlement) {
    stats_.settled_tips.Add(settlement.tips_count);
  }
  void operator()(const TipChangeRecord& change) {
    if (change.outcome != Outcome::kAccepted) return;
    stats_.tip_changes[static_cast<size_t>(change.action)].Add(1);
  }
  // Of nothing else there is a count.
  template <typename RecordType>
  void operator()(const RecordType&) {}

 private:
  template <typename T>
  void Count(const T& record, Counter* accepted, Counter* rejected,
             std::array<Counter, kRejectionCodesEnd>* rejections) {
    if (record.outcome == Outcome::kAccepted) return accepted->Add(1);
    rejected->Add(1);
    const Violation& binding = entry_.View(record.violations).front();
    (*rejections)[static_cast<size_t>(binding.code)].Add(1);
  }

  const Entry& entry_;
  PipelineStats& stats_;
};

}  // namespace

Pipeline::Pipeline(const PipelineOptions& options, Ports ports, State* state, KeyMemory* keys,
                   Timeline timeline, int64_t last_sequence)
    : options_(options),
      ports_(ports),
      state_(*state),
      keys_(*keys),
      waiting_(static_cast<size_t>(options.ring_calls_max)),
      free_(kRounds),
      decided_(kRounds),
      durable_(kRounds),
      images_(kRounds),
      stored_sequence_(options.stored_sequence),
      sequencer_(state, keys, options.limits, timeline.calendar(), last_sequence),
      timeline_(timeline),
      checkpoint_sequence_(options.stored_sequence) {
  static_assert(kImagesMax <= static_cast<int>(kRounds));
  for (size_t i = 0; i < kRounds; ++i) {
    rounds_.push_back(std::make_unique<Round>());
    TIPGATE_CHECK(free_.Push(rounds_.back().get()));
  }
}

Pipeline::~Pipeline() { TIPGATE_CHECK(threads_.empty()); }

void Pipeline::Start(FailStop fail_stop, DurableListener on_durable, ClockListener on_clock) {
  fail_stop_ = std::move(fail_stop);
  on_durable_ = std::move(on_durable);
  on_clock_ = std::move(on_clock);
  checkpoint_time_ns_ = ports_.clock->SteadyNs();
  stats_.journal_sequence.store(sequencer_.last_sequence());
  stats_.journal_time_ms.store(ports_.journal->Head().time_ms);
  stats_.checkpoint_sequence.store(options_.stored_sequence);
  TellTips(state_.totals.tips);
  stats_.payers_resident.store(static_cast<int64_t>(state_.payers.size()));
  stats_.recharge_held_minor.store(state_.totals.recharge_held.minor());
  stats_.balances_minor.store(state_.totals.balances.minor());
  stats_.income_jobs_open.store(static_cast<int64_t>(state_.open_jobs.size()));
  threads_.emplace_back([this] { RunSequencer(); });
  threads_.emplace_back([this] { RunJournal(); });
  threads_.emplace_back([this] { RunReplies(); });
  threads_.emplace_back([this] { RunCheckpoints(); });
}

void Pipeline::Stop() {
  is_stopping_.store(true);
  waiting_.Wake();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Pipeline::Submit(std::unique_ptr<Job> job) {
  if (job->deadline_ns <= ports_.clock->WallNs()) {
    job.release()->Fail(kDeadlineError);
    return;
  }
  const int64_t in_flight = stats_.requests_in_flight.fetch_add(job->requests_count);
  const bool is_too_much = in_flight + job->requests_count > options_.requests_max ||
                           (is_behind_.load(std::memory_order_relaxed) && job->is_of_client);
  if (is_too_much && !job->is_urgent) {
    stats_.overloads.Add(1);
    FinishJob(job.get());
    job.release()->Fail(kOverloadedError);
    return;
  }
  job->enqueue_ns = ports_.clock->SteadyNs();
  SubmitToRing(job.release());
}

void Pipeline::SubmitToRing(Job* job) {
  job->index_sequence = stored_sequence();  // before the look-ups: the store only grows meanwhile
  if (const absl::Status status = job->LookUpKeys(); !status.ok()) fail_stop_(status);
  const absl::Status status =
      LookUpPayers(job->command, sequencer_.residents(), *ports_.store, &job->payers);
  if (!status.ok()) fail_stop_(status);
  if (const size_t reads = job->payers.done.size(); reads != 0) {
    stats_.payer_reads.Add(static_cast<int64_t>(reads));
  }
  stats_.calls_in_ring.fetch_add(1, std::memory_order_relaxed);
  if (waiting_.Push(job)) return;
  stats_.calls_in_ring.fetch_sub(1, std::memory_order_relaxed);
  stats_.overloads.Add(1);
  FinishJob(job);
  job->Fail(kOverloadedError);
}

void Pipeline::SubmitAgain(Job* job) {
  if (job->deadline_ns > ports_.clock->WallNs()) {
    SubmitToRing(job);
  } else {
    stats_.deadline_drops.Add(1);
    FinishJob(job);
    job->Fail(kDeadlineError);
  }
  outdated_count_.fetch_sub(1);
}

// --- The sequencer's thread.

void Pipeline::RunSequencer() {
  NameThread("sequencer");
  bool is_last = false;
  while (!is_last) {
    Round* const round = TakeRound();
    bool has_work = false;
    while (!has_work) {
      const bool may_end = is_stopping_.load() && outdated_count_.load() == 0;
      has_work = FillRound(round);
      has_work |= TakeCheckpointPart(round);
      is_behind_.store(keys_.count() >= kKeysInMemoryFactor * options_.checkpoint_keys_max,
                       std::memory_order_relaxed);
      is_last = may_end && !has_work && !is_checkpointing_;
      has_work |= is_last;
      if (!has_work && held_back_ == nullptr) waiting_.Wait(IdleNs());
    }
    round->is_last = is_last;
    in_journal_count_.fetch_add(1, std::memory_order_relaxed);
    TIPGATE_CHECK(decided_.Push(round));
  }
}

Pipeline::Round* Pipeline::TakeRound() {
  Round* round = free_.Pop();
  for (; round == nullptr; round = free_.Pop()) free_.Wait(kIdleNs);
  return round;
}

bool Pipeline::IsTimeDue() const {
  return state_.NextDueMs() <= ports_.clock->WallNs() / kNanosPerMilli;
}

int64_t Pipeline::IdleNs() const {
  const int64_t wall_ns = ports_.clock->WallNs();
  const int64_t next_due_ms = state_.NextDueMs();
  if (next_due_ms >= (wall_ns + kIdleNs) / kNanosPerMilli) return kIdleNs;
  return std::max<int64_t>(next_due_ms * kNanosPerMilli - wall_ns, kNanosPerMilli);
}

bool Pipeline::FillRound(Round* round) {
  if (held_back_ == nullptr) held_back_ = waiting_.Pop();
  if (held_back_ == nullptr && !IsTimeDue()) return false;
  for (auto& keys : keys_.NoteStored(stored_sequence())) dropped_keys_.push_back(std::move(keys));
  const int64_t begin_ns = ports_.clock->SteadyNs();
  const absl::StatusOr<Moment> now = Stamp(begin_ns);
  if (!now.ok()) {
    const bool has_failed = held_back_ != nullptr;
    FailWaiting(kClockError, round);
    return has_failed;
  }
  sequencer_.Begin(*now, &round->batch);
  int64_t requests = ExecuteWaiting(0, round);
  int64_t waited_ns = 0;
  // A batch that is closed while the journal writes would only wait. So it stays open: each fsync
  // carries as many decisions as there are.
  while (IsJournalBusy() && held_back_ == nullptr && !is_stopping_.load() &&
         ports_.clock->SteadyNs() - begin_ns < kOpenMaxNs) {
    const int64_t asleep_ns = ports_.clock->SteadyNs();
    waiting_.WaitWhile([this] { return IsJournalBusy(); }, kOpenMaxNs);
    waited_ns += ports_.clock->SteadyNs() - asleep_ns;
    requests = ExecuteWaiting(requests, round);
  }
  round->has_records = sequencer_.End();
  if (round->has_records) {
    stats_.batch_records.Observe(static_cast<int64_t>(round->batch.entry.records.size()));
  }
  round->tips = state_.totals.tips;
  round->recharge_held = state_.totals.recharge_held;
  round->balances = state_.totals.balances;
  round->open_jobs_count = static_cast<int64_t>(state_.open_jobs.size());
  stats_.payers_resident.store(static_cast<int64_t>(state_.payers.size()),
                               std::memory_order_relaxed);
  if (round->serves_clients) {
    stats_.decide_ns.Observe(ports_.clock->SteadyNs() - begin_ns - waited_ns);
  }
  return round->has_records || !round->answered.empty() || !round->failed.empty() ||
         !round->outdated.empty();
}

absl::StatusOr<Moment> Pipeline::Stamp(int64_t steady_ns) {
  absl::StatusOr<Moment> now =
      timeline_.Stamp(ports_.clock->WallNs() / kNanosPerMilli, steady_ns / kNanosPerMilli);
  stats_.clock_backward_steps.Add(timeline_.backward_steps_count() -
                                  stats_.clock_backward_steps.value());
  stats_.clock_refused_jumps.Add(timeline_.refused_jumps_count() -
                                 stats_.clock_refused_jumps.value());
  if (stats_.is_clock_refused.load(std::memory_order_relaxed) == now.ok()) {
    stats_.is_clock_refused.store(!now.ok());
    on_clock_(now.status());
  }
  return now;
}

int64_t Pipeline::ExecuteWaiting(int64_t requests, Round* round) {
  const int64_t begin_ns = ports_.clock->SteadyNs();
  const int64_t wall_ns = ports_.clock->WallNs();
  if (held_back_ == nullptr) held_back_ = waiting_.Pop();
  for (Job* job = held_back_; job != nullptr; job = held_back_ = waiting_.Pop()) {
    const bool is_full = requests >= options_.batch_requests_max;
    if (is_full || !sequencer_.HasRoom(job->command)) return requests;
    LeaveRing(*job, round);
    if (job->is_of_client) stats_.queue_ns.Observe(begin_ns - job->enqueue_ns);
    if (!Admit(job, wall_ns, round)) continue;
    sequencer_.Execute(job->command);
    round->answered.push_back(job);
    requests += job->requests_count;
  }
  return requests;
}

bool Pipeline::Admit(Job* job, int64_t wall_ns, Round* round) {
  if (job->deadline_ns <= wall_ns) {
    stats_.deadline_drops.Add(1);
    round->failed.emplace_back(job, kDeadlineError);
    return false;
  }
  const bool is_up_to_date = job->index_sequence >= keys_.dropped_sequence();
  if (is_up_to_date && sequencer_.Admit(job->command, &job->payers)) return true;
  outdated_count_.fetch_add(1);
  round->outdated.push_back(job);
  return false;
}

void Pipeline::FailWaiting(const RequestError& error, Round* round) {
  for (Job* job = held_back_; job != nullptr; job = held_back_ = waiting_.Pop()) {
    LeaveRing(*job, round);
    round->failed.emplace_back(job, error);
  }
}

void Pipeline::LeaveRing(const Job& job, Round* round) {
  stats_.calls_in_ring.fetch_sub(1, std::memory_order_relaxed);
  round->serves_clients |= job.is_of_client;
}

// True if the round carries something for the checkpoint.
bool Pipeline::TakeCheckpointPart(Round* round) {
  const int64_t now_ns = ports_.clock->SteadyNs();
  if (!is_checkpointing_) {
    const int64_t since_last_ns = now_ns - checkpoint_time_ns_;
    const bool is_crowded = sequencer_.wants_checkpoint() && since_last_ns >= kCrowdedNs;
    const bool is_due = is_stopping_.load() || is_crowded ||
                        keys_.current_count() >= options_.checkpoint_keys_max ||
                        since_last_ns >= options_.checkpoint_interval_ns;
    if (!is_due || sequencer_.last_sequence() == checkpoint_sequence_) return false;
    is_checkpointing_ = true;
    checkpoint_time_ns_ = now_ns;
    checkpoint_sequence_ = sequencer_.last_sequence();
    state_.BeginCheckpoint(checkpoint_sequence_);
    checkpoint_keys_ = keys_.Freeze(checkpoint_sequence_);
  }
  if (images_in_flight_.load() == kImagesMax) return false;
  images_in_flight_.fetch_add(1);
  round->image = std::make_unique<StateImage>();
  round->image->dropped_keys = std::exchange(dropped_keys_, {});
  const size_t part =
      std::min(kCheckpointPartMin + 2 * round->batch.entry.records.size(), kCheckpointPartMax);
  is_checkpointing_ = state_.CopyCheckpoint(part, round->image.get());
  round->image->decided_sequence = sequencer_.last_sequence();
  if (!is_checkpointing_) round->image->keys = std::move(checkpoint_keys_);
  return true;
}

// --- The journal's thread.

void Pipeline::RunJournal() {
  NameThread("journal");
  for (bool is_last = false; !is_last;) {
    Round* const round = decided_.Pop();
    if (round == nullptr) {
      decided_.Wait(kIdleNs);
      continue;
    }
    if (round->has_records) {
      const int64_t begin_ns = ports_.clock->SteadyNs();
      const absl::Status status = ports_.journal->Append(round->batch.entry);
      if (!status.ok()) fail_stop_(status);
      stats_.journal_ns.Observe(ports_.clock->SteadyNs() - begin_ns);
    }
    is_last = round->is_last;
    in_journal_count_.fetch_sub(1, std::memory_order_relaxed);
    waiting_.Wake();  // the sequencer may keep a batch open for us
    TIPGATE_CHECK(durable_.Push(round));
  }
}

// --- The replies' thread.

void Pipeline::RunReplies() {
  NameThread("replies");
  for (bool is_last = false; !is_last;) {
    Round* const round = durable_.Pop();
    if (round == nullptr) {
      durable_.Wait(kIdleNs);
      continue;
    }
    const int64_t begin_ns = ports_.clock->SteadyNs();
    const Entry& entry = round->batch.entry;
    for (Job* job : round->answered) {
      FinishJob(job);
      job->Reply(round->batch);
    }
    for (const auto& [job, error] : round->failed) {
      FinishJob(job);
      job->Fail(error);
    }
    for (Job* job : round->outdated) SubmitAgain(job);
    if (round->has_records) {
      CountRecords(entry);
      TellTips(round->tips);
      stats_.income_jobs_open.store(round->open_jobs_count, std::memory_order_relaxed);
      stats_.recharge_held_minor.store(round->recharge_held.minor(), std::memory_order_relaxed);
      stats_.balances_minor.store(round->balances.minor(), std::memory_order_relaxed);
      stats_.journal_sequence.store(entry.sequence, std::memory_order_relaxed);
      stats_.journal_time_ms.store(entry.moment.time_ms, std::memory_order_relaxed);
      on_durable_(entry.sequence);
    }
    if (round->serves_clients) stats_.reply_ns.Observe(ports_.clock->SteadyNs() - begin_ns);
    is_last = round->is_last;
    if (round->image != nullptr) TIPGATE_CHECK(images_.Push(round->image.release()));
    round->answered.clear();
    round->failed.clear();
    round->outdated.clear();
    round->has_records = false;
    round->serves_clients = false;
    TIPGATE_CHECK(free_.Push(round));
  }
  is_done_replying_.store(true);
  images_.Wake();
}

// --- The checkpoints' thread.

void Pipeline::RunCheckpoints() {
  NameThread("checkpoints");
  LowerThreadPriority();
  while (true) {
    const bool is_done = is_done_replying_.load();
    const std::unique_ptr<StateImage> image(images_.Pop());
    if (image == nullptr) {
      if (is_done) return;
      images_.Wait(kIdleNs);
      continue;
    }
    if (image->complete_sequence > 0) image->forget_keys_before = KeysForgottenBefore();
    const absl::Status status = ports_.store->Write(*image);
    if (!status.ok()) fail_stop_(status);
    stats_.checkpoint_entities.Add(static_cast<int64_t>(
        image->payers.size() + image->streamers.size() + image->sessions.size() +
        image->recharges.size() + image->tips.size()));
    images_in_flight_.fetch_sub(1);
    waiting_.Wake();  // the sequencer may wait to hand over the next part
    if (image->complete_sequence == 0) continue;
    stats_.checkpoints.Add(1);
    stats_.checkpoint_sequence.store(image->complete_sequence, std::memory_order_relaxed);
    stored_sequence_.store(image->complete_sequence, std::memory_order_release);
  }
}

// Keys older than the retention, and than a caller's clock may make them look, by a search that is
// not worth repeating for each checkpoint. The journal's time counts, not the wall clock, which may
// have jumped: what is forgotten stays forgotten.
int64_t Pipeline::KeysForgottenBefore() {
  const int64_t now_ns = ports_.clock->SteadyNs();
  if (keys_looked_ns_ != 0 && now_ns - keys_looked_ns_ < kForgetIntervalNs) {
    return keys_forgotten_before_;
  }
  keys_looked_ns_ = now_ns;
  const int64_t oldest_ms =
      ports_.journal->Head().time_ms - options_.limits.idempotency_retention_ms - kClockAheadMaxMs;
  const absl::StatusOr<int64_t> sequence = FirstSequenceAt(*ports_.journal, oldest_ms);
  if (!sequence.ok()) fail_stop_(sequence.status());
  keys_forgotten_before_ = *sequence;
  return keys_forgotten_before_;
}

void Pipeline::TellTips(const TipSums& tips) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  stats_.held_minor.store(tips.held.minor(), kRelaxed);
  stats_.pending_minor.store(tips.pending.minor(), kRelaxed);
  stats_.frozen_minor.store(tips.frozen.minor(), kRelaxed);
  stats_.settled_minor.store(tips.settled.minor(), kRelaxed);
  stats_.voided_minor.store(tips.voided.minor(), kRelaxed);
  stats_.refunded_minor.store(tips.refunded.minor(), kRelaxed);
}

// What was decided, as counted by rule; the first violation is the binding one.
void Pipeline::CountRecords(const Entry& entry) {
  RecordCounter counter(entry, &stats_);
  for (const Record& record : entry.records) std::visit(counter, record);
}

}  // namespace tipgate

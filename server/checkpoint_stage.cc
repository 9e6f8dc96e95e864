#include "server/checkpoint_stage.h"

#include <memory>

#include "core/journal_search.h"
#include "core/key_memory.h"

namespace tipgate {
namespace {

// How often the oldest remembered key is looked for.
constexpr int64_t kForgetIntervalNs = 600'000'000'000;

}  // namespace

Progress CheckpointStage::Step() {
  const bool is_done = context_.is_done_replying.load();
  const std::unique_ptr<StateImage> image(context_.images.Pop());
  if (image == nullptr) return is_done ? Progress::kEnded : Progress::kIdle;
  PipelineStats& stats = context_.stats;
  if (image->complete_sequence > 0) image->forget_keys_before = KeysForgottenBefore();
  const absl::Status status = context_.ports.store->Write(*image);
  if (!status.ok()) context_.listeners.fail_stop(status);
  stats.checkpoint_entities.Add(
      static_cast<int64_t>(image->payers.size() + image->streamers.size() + image->sessions.size() +
                           image->recharges.size() + image->tips.size()));
  context_.images_in_flight.fetch_sub(1);
  context_.waiting.Wake();  // the sequencer may wait to hand over the next part
  if (image->complete_sequence == 0) return Progress::kWorked;
  stats.checkpoints.Add(1);
  stats.checkpoint_sequence.store(image->complete_sequence, std::memory_order_relaxed);
  context_.stored_sequence.store(image->complete_sequence, std::memory_order_release);
  return Progress::kWorked;
}

// Keys older than the retention, and than a caller's clock may make them look, by a search that is
// not worth repeating for each checkpoint. The journal's time counts, not the wall clock, which may
// have jumped: what is forgotten stays forgotten.
int64_t CheckpointStage::KeysForgottenBefore() {
  const int64_t now_ns = context_.ports.clock->SteadyNs();
  if (keys_looked_ns_ != 0 && now_ns - keys_looked_ns_ < kForgetIntervalNs) {
    return keys_forgotten_before_;
  }
  keys_looked_ns_ = now_ns;
  const Journal& journal = *context_.ports.journal;
  const int64_t oldest_ms =
      journal.Head().time_ms - context_.options.limits.idempotency_retention_ms - kClockAheadMaxMs;
  const absl::StatusOr<int64_t> sequence = FirstSequenceAt(journal, oldest_ms);
  if (!sequence.ok()) context_.listeners.fail_stop(sequence.status());
  keys_forgotten_before_ = *sequence;
  return keys_forgotten_before_;
}

}  // namespace tipgate

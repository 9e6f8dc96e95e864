#include "server/journal_stage.h"

#include "core/check.h"

namespace tipgate {

Progress JournalStage::Step() {
  Round* const round = context_.decided.Pop();
  if (round == nullptr) return Progress::kIdle;
  if (round->has_records) {
    const int64_t begin_ns = context_.ports.clock->SteadyNs();
    const absl::Status status = context_.ports.journal->Append(round->batch.entry);
    if (!status.ok()) context_.listeners.fail_stop(status);
    context_.stats.journal_ns.Observe(context_.ports.clock->SteadyNs() - begin_ns);
  }
  const bool is_last = round->is_last;
  context_.in_journal_count.fetch_sub(1, std::memory_order_relaxed);
  context_.waiting.Wake();  // the sequencer may keep a batch open for us
  TIPGATE_CHECK(context_.durable.Push(round));
  return is_last ? Progress::kEnded : Progress::kWorked;
}

}  // namespace tipgate

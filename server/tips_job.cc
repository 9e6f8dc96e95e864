#include "server/tips_job.h"

#include <algorithm>
#include <variant>

#include "core/key_memory.h"
#include "server/call_error.h"
#include "server/record_conversion.h"
#include "server/replay.h"

namespace tipgate {

absl::Status TipsJob::LookUpKeys() {
  return context().store->FindKeys(absl::MakeSpan(tips().keys));
}

void TipsJob::Add(const TipRequest& request) {
  tips().requests.push_back(request);
  tips().answers.emplace_back();  // here, for the sequencer allocates nothing
  if (tips().is_dry_run) return;
  const Intent& intent = request.intent;
  tips().keys.push_back({.hash = HashKey(intent.caller, intent.key.view()), .stored = RecordId()});
}

bool TipsJob::Answer(const Batch& batch) {
  for (size_t i = 0; i < tips().answers.size(); ++i) Answer(batch, i);
  if (!replays_.empty()) return false;
  Finish();
  return true;
}

void TipsJob::Answer(const Batch& batch, size_t index) {
  const ::tipgate::Answer& answer = tips().answers[index];
  if (const auto* place = std::get_if<InRecord>(&answer)) {
    const bool is_dry_run = tips().is_dry_run;
    const Entry& entry = is_dry_run ? batch.dry : batch.entry;
    const RecordId id = is_dry_run ? RecordId() : entry.IdAt(place->position);
    FillDecision(std::get<TipRecord>(entry.records[place->position]), entry, id, DecisionOf(index));
  } else if (const auto* replay = std::get_if<ReplayOf>(&answer)) {
    replays_.push_back({.first = replay->record, .index = index});
  } else {
    RefuseTip(index, ToCallError(std::get<RequestError>(answer)));
  }
}

// In the order of the journal, so that each entry is read once.
void TipsJob::Read(EntryReader* reader) {
  std::sort(replays_.begin(), replays_.end(),
            [](const Replay& a, const Replay& b) { return a.first < b.first; });
  for (const Replay& replay : replays_) Answer(reader, replay);
  Finish();
}

void TipsJob::Answer(EntryReader* reader, const Replay& replay) {
  const Entry* const entry = ReadEntryOf(&context(), replay.first, reader);
  if (entry == nullptr) return RefuseTip(replay.index, DamagedError());
  const Record& stored = entry->records[replay.first.position()];
  if (!IsRepeat(tips().requests[replay.index], stored)) {
    context().stats->key_conflicts.Add(1);
    return RefuseTip(replay.index, KeyReusedError());
  }
  context().stats->replays.Add(1);
  FillDecision(std::get<TipRecord>(stored), *entry, replay.first, DecisionOf(replay.index));
}

}  // namespace tipgate

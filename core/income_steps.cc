#include "core/income_steps.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <variant>

#include "core/decide_income.h"
#include "core/tip_lookup.h"

namespace tipgate {
namespace {

// Entries that one step reads at most, so that it is done within a bound and shows progress.
constexpr int kEntriesMax = 1'000;

// The tip that a record tells of, as it is then; nothing if the job has no business with it. A
// freeze of many looks at what tips are due with, everything else at the tips themselves.
std::optional<Tip> TipAt(const Entry& entry, size_t position, const IncomeJob& job) {
  const RecordId id = entry.IdAt(position);
  const bool is_about_dues =
      job.action == IncomeAction::kFreeze && job.scope.kind != IncomeScopeKind::kTip;
  if (const auto* tip = std::get_if<TipRecord>(&entry.records[position])) {
    const bool is_wanted = tip->is_accepted() && !(is_about_dues && tip->is_held());
    return is_wanted ? std::optional<Tip>(TipOf(*tip, id, entry.moment)) : std::nullopt;
  }
  const auto* const change = std::get_if<TipChangeRecord>(&entry.records[position]);
  if (change == nullptr || !is_about_dues) return std::nullopt;
  const Tip& after = entry.View(change->after).front();
  return after.due == id ? std::optional<Tip>(after) : std::nullopt;
}

// A tip that is held has no agency yet: the sequencer looks again at what has become of it.
bool MayBeInScope(const IncomeScope& scope, const Tip& tip) {
  if (scope.kind != IncomeScopeKind::kAgency || tip.state != TipState::kHeld) {
    return IsInScope(scope, tip);
  }
  IncomeScope of_any_agency = scope;
  of_any_agency.kind = IncomeScopeKind::kEverything;
  return IsInScope(of_any_agency, tip);
}

}  // namespace

absl::StatusOr<IncomeStepCommand> CollectIncomeStep(const Journal& journal, const StateStore& store,
                                                    const IncomeJob& job) {
  IncomeStepCommand step{.job = job.id,
                         .is_in_journal = job.is_in_journal,
                         .begin = job.next,
                         .next = job.end,
                         .tips = {}};
  if (!job.is_in_journal) return step;
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(job.next.sequence());
  Entry entry;
  for (int i = 0; i < kEntriesMax; ++i) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) return step;
    for (size_t position = 0; position < entry.records.size(); ++position) {
      const RecordId id = entry.IdAt(position);
      if (id < job.next) continue;
      if (id >= job.end) return step;
      const std::optional<Tip> tip = TipAt(entry, position, job);
      if (!tip.has_value() || !MayBeInScope(job.scope, *tip)) continue;
      if (step.tips.size() == kIncomeStepMax) {
        step.next = id;
        return step;
      }
      absl::StatusOr<std::optional<Tip>> stored = store.FindTip(tip->id);
      if (!stored.ok()) return stored.status();
      step.tips.push_back(stored->value_or(*tip));
    }
  }
  step.next = std::min(RecordId(entry.sequence + 1, 0), job.end);
  return step;
}

}  // namespace tipgate

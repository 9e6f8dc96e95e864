#include "core/tip_lookup.h"

#include <variant>

namespace tipgate {

absl::StatusOr<std::optional<Tip>> TipInJournal(const Journal& journal, RecordId id) {
  if (id.sequence() < 1 || id.sequence() > journal.Head().sequence) return std::nullopt;
  Entry entry;
  if (absl::Status status = journal.Read(id.sequence(), &entry); !status.ok()) return status;
  return TipInEntry(entry, id);
}

std::optional<Tip> TipInEntry(const Entry& entry, RecordId id) {
  const auto position = static_cast<size_t>(id.position());
  if (position >= entry.records.size()) return std::nullopt;
  const auto* const tip = std::get_if<TipRecord>(&entry.records[position]);
  if (tip == nullptr || !tip->is_accepted()) return std::nullopt;
  return TipOf(*tip, id, entry.moment);
}

absl::StatusOr<std::optional<Tip>> LookUpTip(const Journal& journal, const StateStore& store,
                                             RecordId id) {
  absl::StatusOr<std::optional<Tip>> stored = store.FindTip(id);
  if (!stored.ok() || stored->has_value()) return stored;
  return TipInJournal(journal, id);
}

}  // namespace tipgate

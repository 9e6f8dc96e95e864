#include "server/tip_views.h"

#include <string>
#include <utility>
#include <variant>

#include "server/call_error.h"
#include "server/record_conversion.h"
#include "server/rpc_job.h"
#include "server/run_command.h"
#include "server/tip_change_conversion.h"

namespace tipgate {

void TipViews::Add(const TipRecord& record, const Entry& entry, RecordId id, v1::Tip* out) {
  FillTip(record, entry, id, out);
  if (!record.is_accepted()) return;
  views_.push_back({.tip = TipOf(record, id, entry.moment), .out = out});
}

std::optional<CallError> TipViews::Finish(EntryReader* reader) {
  if (views_.empty()) return std::nullopt;
  TipsVisit asked;
  for (const View& view : views_) asked.ids.push_back(view.tip.id);
  Command command = std::move(asked);
  if (auto error = RunCommand(context_.pipeline, &command)) return error;
  const TipsVisit& visit = std::get<TipsVisit>(command);
  for (size_t i = 0; i < views_.size(); ++i) {
    Tip& tip = views_[i].tip;
    if (visit.found[i].has_value()) {
      tip = *visit.found[i];
    } else if (!FindStored(&tip)) {
      return DamagedError();
    }
    FillTipLife(tip, visit.totals, views_[i].out);
    if (!FillFreezes(tip, reader, views_[i].out)) return DamagedError();
  }
  return std::nullopt;
}

bool TipViews::FindStored(Tip* tip) const {
  const absl::StatusOr<std::optional<Tip>> stored = context_.store->FindTip(tip->id);
  if (!stored.ok()) {
    context_.damage->Raise("a tip", stored.status().ToString());
    return false;
  }
  if (stored->has_value()) *tip = **stored;
  return true;
}

bool TipViews::FillFreezes(const Tip& tip, EntryReader* reader, v1::Tip* out) {
  for (const RecordId job : tip.freezes) {
    const Entry* const entry = ReadEntryOf(&context_, job, reader);
    if (entry == nullptr) return false;
    const auto& record = std::get<IncomeJobRecord>(entry->records[job.position()]);
    const CaseNote& note = entry->View(record.note).front();
    out->add_freeze_case_references(std::string(note.case_name.view()));
  }
  return true;
}

}  // namespace tipgate

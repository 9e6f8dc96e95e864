#include "tests/simulation/history.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace tipgate::simulation {
namespace {

bool IsOfJob(const Record& record, RecordId job) {
  if (const auto* change = std::get_if<TipChangeRecord>(&record)) return change->job == job;
  const auto* const step = std::get_if<IncomeStepRecord>(&record);
  return step != nullptr && step->job == job;
}

RecordId ChangedTip(const TipChangeRecord& change, const Entry& entry) {
  return entry.View(change.after).front().id;
}

// Behind the records of a step that stand at `position`, if any do. What it releases may be frozen
// again at once, by other orders.
size_t EndOfStep(const Entry& entry, size_t position, RecordId job) {
  std::set<RecordId> released;
  size_t end = position;
  while (end < entry.records.size() && IsOfJob(entry.records[end], job)) {
    const auto* const change = std::get_if<TipChangeRecord>(&entry.records[end++]);
    if (change != nullptr) {
      if (change->action == TipAction::kRelease) released.insert(ChangedTip(*change, entry));
      continue;
    }
    const auto* const next =
        end < entry.records.size() ? std::get_if<TipChangeRecord>(&entry.records[end]) : nullptr;
    const bool is_frozen_again = next != nullptr && next->action == TipAction::kFreeze &&
                                 released.contains(ChangedTip(*next, entry));
    if (!is_frozen_again) return end;
    job = next->job;
  }
  return end;
}

// Behind the records that a command has put into its entry, of which those before `position` were
// there before it.
class EndOfCommand {
 public:
  EndOfCommand(const Entry& entry, size_t position) : entry_(entry), position_(position) {}

  size_t operator()(const TipsCommand& command) const {
    size_t end = position_;
    if (command.is_dry_run) return end;
    for (const Answer& answer : command.answers) end = std::max(end, EndOf(answer));
    return end;
  }
  size_t operator()(const IncomeJobCommand& command) const {
    const size_t end = EndOf(command.answer);
    const bool is_done_at_once =
        end > position_ && command.request.scope.kind == IncomeScopeKind::kTip;
    return is_done_at_once ? EndOfStep(entry_, end, entry_.IdAt(end - 1)) : end;
  }
  size_t operator()(const IncomeStepCommand& command) const {
    return EndOfStep(entry_, position_, command.job);
  }
  size_t operator()(const SettleCommand& command) const {
    if (position_ == entry_.records.size()) return position_;
    const auto* const record = std::get_if<SettlementRecord>(&entry_.records[position_]);
    const SettlementRecord& due = command.settlement;
    const bool is_taken = record != nullptr && record->delay_ms == due.delay_ms &&
                          record->first_sequence == due.first_sequence;
    return is_taken ? position_ + 1 : position_;
  }
  size_t operator()(const PolicyCommand&) const { return position_ + 1; }
  size_t operator()(const CatalogCommand&) const { return position_ + 1; }
  template <typename CommandType>
  size_t operator()(const CommandType& command) const {
    if constexpr (requires { command.key; }) return EndOf(command.answer);
    return position_;
  }

 private:
  size_t EndOf(const Answer& answer) const {
    const auto* const place = std::get_if<InRecord>(&answer);
    return place == nullptr ? position_ : std::max(position_, size_t{place->position} + 1);
  }

  const Entry& entry_;
  const size_t position_;
};

}  // namespace

bool History::Add(const Entry& entry, const ChainHash& hash) {
  if (entry.sequence != entries_count() + 1) return Fail("an entry out of order");
  hashes_.push_back(hash);
  waiting_.push_back(entry);
  for (size_t i = 0; i < entry.records.size(); ++i) {
    const Intent* const intent = IntentOf(entry.records[i]);
    if (intent == nullptr || intent->key.empty()) continue;
    const std::string key(intent->key.view());
    if (!keys_.emplace(key, entry.IdAt(i)).second) return Fail(absl::StrCat("doubled: ", key));
  }
  return true;
}

bool History::Recover(const std::vector<Entry>& entries, const std::vector<ChainHash>& hashes) {
  if (hashes.size() < hashes_.size()) {
    return Fail(absl::StrCat("lost: ", hashes_.size() - hashes.size(), " durable entries"));
  }
  for (size_t i = 0; i < hashes_.size(); ++i) {
    if (hashes[i] != hashes_[i]) return Fail(absl::StrCat("entry ", i + 1, " is another one"));
  }
  for (size_t i = hashes_.size(); i < hashes.size(); ++i) {
    if (!Add(entries[i], hashes[i])) return false;
  }
  return FollowAll();
}

bool History::Follow(const Batch& batch, const Command& command) {
  const Entry& entry = batch.entry;
  const bool is_empty = entry.records.empty();
  if (entry.sequence - (is_empty ? 1 : 0) > entries_count()) {
    return Fail(absl::StrCat("an answer leaves before entry ", entry.sequence, " is durable"));
  }
  if (!JudgeEntriesBefore(entry.sequence)) return false;
  while (!is_empty && position_ < entry.records.size() && Judge::IsDue(entry.records[position_])) {
    if (!JudgeNext()) return false;
  }
  if (std::string fault = judge_.EndDues(entry.moment.time_ms); !fault.empty()) {
    return Fail(std::move(fault));
  }
  if (is_empty) return true;
  const size_t end = std::visit(EndOfCommand(entry, position_), command);
  while (position_ < end) {
    if (!JudgeNext()) return false;
  }
  return true;
}

bool History::FollowAll() {
  if (!JudgeEntriesBefore(entries_count() + 1)) return false;
  return true;
}

bool History::JudgeEntriesBefore(int64_t sequence) {
  while (!waiting_.empty() && waiting_.front().sequence < sequence) {
    while (position_ < waiting_.front().records.size()) {
      if (!JudgeNext()) return false;
    }
    if (std::string fault = judge_.EndEntry(waiting_.front().moment.time_ms); !fault.empty()) {
      return Fail(std::move(fault));
    }
    waiting_.pop_front();
    position_ = 0;
  }
  return true;
}

bool History::JudgeNext() {
  const Entry& entry = waiting_.front();
  try {
    const std::string fault =
        judge_.Apply({entry.records[position_], entry, entry.IdAt(position_)});
    ++position_;
    if (fault.empty()) return true;
    return Fail(absl::StrCat("entry ", entry.sequence, ": ", fault));
  } catch (const std::logic_error& error) {
    return Fail(absl::StrCat("the oracle contradicts itself: ", error.what()));
  }
}

RecordId History::Find(const std::string& key) const {
  const auto it = keys_.find(key);
  return it == keys_.end() ? RecordId() : it->second;
}

bool History::Fail(std::string fault) {
  if (fault_.empty()) fault_ = std::move(fault);
  return false;
}

}  // namespace tipgate::simulation

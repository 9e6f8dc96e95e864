#include "core/settlement.h"

#include <memory>
#include <variant>

namespace tipgate {

void SettlementCollector::Add(const Entry& entry) {
  TIPGATE_CHECK(last_sequence_ == 0 ? entry.sequence == first_sequence_
                                    : entry.sequence == last_sequence_ + 1);
  last_sequence_ = entry.sequence;
  last_time_ms_ = entry.moment.time_ms;
  for (size_t position = 0; position < entry.records.size(); ++position) {
    const Record& record = entry.records[position];
    if (const auto* tip = std::get_if<TipRecord>(&record)) {
      if (!tip->is_accepted() || tip->is_held()) continue;
      if (tip->terms.settle_delay_ms != delay_ms_) continue;
      AddTip(tip->request.streamer, tip->terms, tip->request.amount());
    } else if (const auto* change = std::get_if<TipChangeRecord>(&record)) {
      const Tip& after = entry.View(change->after).front();
      if (after.due != entry.IdAt(position) || after.due_delay_ms != delay_ms_) continue;
      AddTip(after.streamer, after.terms, after.due_amount);
    }
  }
}

void SettlementCollector::AddTip(StreamerId streamer, const IncomeTerms& terms, Money amount) {
  const IncomeShares parts = terms.SharesOf(amount);
  SettlementShare& share = shares_[{streamer, terms.agency}];
  share.streamer = streamer;
  share.agency = terms.agency;
  share.amount += amount;
  share.streamer_income += parts.streamer;
  share.agency_income += parts.agency;
  amount_ += amount;
  ++tips_count_;
}

SettleCommand SettlementCollector::Finish() const {
  TIPGATE_CHECK(last_sequence_ != 0);
  SettleCommand command;
  command.settlement.delay_ms = delay_ms_;
  command.settlement.first_sequence = first_sequence_;
  command.settlement.last_sequence = last_sequence_;
  command.settlement.last_time_ms = last_time_ms_;
  command.settlement.tips_count = tips_count_;
  command.settlement.amount = amount_;
  command.shares.reserve(shares_.size());
  for (const auto& [key, share] : shares_) command.shares.push_back(share);
  return command;
}

absl::StatusOr<SettleCommand> CollectSettlement(const Journal& journal, int64_t delay_ms,
                                                int64_t first_sequence, int64_t last_sequence) {
  SettlementCollector collector(delay_ms, first_sequence);
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(first_sequence);
  Entry entry;
  do {
    absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) return absl::DataLossError("a settlement reaches past the journal's end");
    collector.Add(entry);
  } while (entry.sequence < last_sequence);
  return collector.Finish();
}

}  // namespace tipgate

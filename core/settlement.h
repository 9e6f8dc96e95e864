#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "core/command.h"
#include "core/entry.h"
#include "core/journal.h"

namespace tipgate {

// Sums up the tips that fall due with one settle delay over a stretch of the journal. Within one
// delay tips fall due in journal order, so a stretch settles as one. One thread.
class SettlementCollector {
 public:
  SettlementCollector(int64_t delay_ms, int64_t first_sequence)
      : delay_ms_(delay_ms), first_sequence_(first_sequence) {}

  // Adds the next entry; sequences rise by 1 from first_sequence.
  void Add(const Entry& entry);

  int64_t tips_count() const { return tips_count_; }
  int64_t entries_count() const {
    return last_sequence_ == 0 ? 0 : last_sequence_ - first_sequence_ + 1;
  }

  // The sums of all entries added, which are at least one: as the records say, whatever has become
  // of the tips since (DecideSettlement looks at that).
  SettleCommand Finish() const;

 private:
  void AddTip(StreamerId streamer, const IncomeTerms& terms, Money amount);

  int64_t delay_ms_;
  int64_t first_sequence_;
  int64_t last_sequence_ = 0;
  int64_t last_time_ms_ = 0;
  int64_t tips_count_ = 0;
  Money amount_;
  std::map<std::pair<StreamerId, AgencyId>, SettlementShare> shares_;
};

// Reads and sums up first_sequence .. last_sequence. DATA_LOSS if bytes are damaged.
absl::StatusOr<SettleCommand> CollectSettlement(const Journal& journal, int64_t delay_ms,
                                                int64_t first_sequence, int64_t last_sequence);

}  // namespace tipgate

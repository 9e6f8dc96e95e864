#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/records/settlement_record.h"

namespace tipgate::simulation {

// Which tips are due with which entry and delay, and how far each delay is settled: so that each
// tip settles once, and none is passed over.
class SettlementBook {
 public:
  // The tip settles so long after this entry, if nothing stops it; not as was noted before.
  void NoteDue(int64_t tip_id, int64_t sequence, int64_t delay_ms);

  // True if its turn is over.
  bool IsPassed(int64_t tip_id) const;

  // The tips whose turn a settlement is, in order; nothing if it is not the turn of this one.
  std::optional<std::vector<int64_t>> Take(const SettlementRecord& settlement);

 private:
  using Place = std::pair<int64_t, int64_t>;  // delay, entry

  std::map<Place, std::vector<int64_t>> due_;  // whose turn has not come
  std::map<int64_t, Place> places_;            // by tip
  std::map<int64_t, int64_t> settled_;         // by delay: up to this entry
};

}  // namespace tipgate::simulation

#include "tests/simulation/settlement_book.h"

namespace tipgate::simulation {

void SettlementBook::NoteDue(int64_t tip_id, int64_t sequence, int64_t delay_ms) {
  const Place place(delay_ms, sequence);
  due_[place].push_back(tip_id);
  places_[tip_id] = place;
}

bool SettlementBook::IsPassed(int64_t tip_id) const {
  const auto place = places_.find(tip_id);
  if (place == places_.end()) return false;
  const auto settled = settled_.find(place->second.first);
  return settled != settled_.end() && settled->second >= place->second.second;
}

std::optional<std::vector<int64_t>> SettlementBook::Take(const SettlementRecord& settlement) {
  const int64_t delay_ms = settlement.delay_ms;
  const auto known = settled_.find(delay_ms);
  if (known != settled_.end() && settlement.first_sequence != known->second + 1) {
    return std::nullopt;
  }
  std::vector<int64_t> tip_ids;
  auto it = due_.lower_bound({delay_ms, 0});
  while (it != due_.end() && it->first <= Place(delay_ms, settlement.last_sequence)) {
    if (it->first.second < settlement.first_sequence) return std::nullopt;
    tip_ids.insert(tip_ids.end(), it->second.begin(), it->second.end());
    it = due_.erase(it);
  }
  settled_[delay_ms] = settlement.last_sequence;
  return tip_ids;
}

}  // namespace tipgate::simulation

#include "core/policy.h"

#include <algorithm>
#include <utility>

namespace tipgate {

const Tier* Policy::FindTier(const TierName& name) const {
  const auto it =
      std::find_if(tiers.begin(), tiers.end(), [&](const Tier& tier) { return tier.name == name; });
  return it == tiers.end() ? nullptr : &*it;
}

const PayerTier* Policy::FindPayerTier(const TierName& name) const {
  const auto it = std::find_if(payer_tiers.begin(), payer_tiers.end(),
                               [&](const PayerTier& tier) { return tier.name == name; });
  return it == payer_tiers.end() ? nullptr : &*it;
}

int64_t Policy::SettleDelayMs(const Tier* tier, Money amount) const {
  int64_t delay_ms = TierDelayMs(tier);
  for (const SettleDelayClass& delay_class : settle_delays) {
    if (amount >= delay_class.min_amount)
      delay_ms = std::max(delay_ms, delay_class.settle_delay_ms);
  }
  return delay_ms;
}

int64_t Policy::TierDelayMs(const Tier* tier) const {
  if (tier != nullptr) return tier->settle_delay_ms;
  int64_t delay_ms = 0;
  for (const Tier& other : tiers) delay_ms = std::max(delay_ms, other.settle_delay_ms);
  return delay_ms;
}

GiftCatalog::GiftCatalog(std::vector<Gift> gifts) : gifts_(std::move(gifts)) {
  for (size_t i = 0; i < gifts_.size(); ++i) {
    const bool is_new = index_.emplace(gifts_[i].id, i).second;
    TIPGATE_CHECK(is_new);
  }
}

const Gift* GiftCatalog::Find(GiftId id) const {
  const auto it = index_.find(id);
  return it == index_.end() ? nullptr : &gifts_[it->second];
}

}  // namespace tipgate

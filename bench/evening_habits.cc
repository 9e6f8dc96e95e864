#include "bench/evening_habits.h"

#include "bench/evening_catalog.h"

namespace tipgate {
namespace {

// The prices that a purse looks at, in fen.
struct PriceRange {
  int64_t first_minor;
  int64_t last_minor;
};
constexpr PriceRange kPrices[kPurseCount] = {
    {10, 1'000},          // casual: ¥0.10 .. ¥10
    {100, 10'000},        // regular: ¥1 .. ¥100
    {1'000, 100'000},     // rich: ¥10 .. ¥1,000
    {10'000, 500'000},    // whale: ¥100 .. ¥5,000, so also the three gifts above the cap
    {100'000, 100'000}};  // devotee: ¥1,000

int64_t GiftWeight(const EveningGift& gift, Purse purse) {
  const PriceRange& range = kPrices[static_cast<size_t>(purse)];
  if (gift.is_disabled || gift.unit_price_minor < range.first_minor ||
      gift.unit_price_minor > range.last_minor) {
    return 0;
  }
  // The dearer, the less often; whales do not look at prices.
  if (purse == Purse::kWhale) return 1;
  return 1'000'000 * range.first_minor / (gift.unit_price_minor + range.first_minor);
}

}  // namespace

std::vector<int64_t> PopularityWeights(int sessions) {
  constexpr int64_t kScale = 1'000'000'000;
  constexpr int64_t kFlatHead = 3;  // 1/3, 1/4, 1/5, ...: the first of 300 draws 7 % of all tips
  std::vector<int64_t> weights;
  for (int rank = 0; rank < sessions; ++rank) weights.push_back(kScale / (rank + kFlatHead));
  return weights;
}

std::vector<WeightedChoice> GiftChoices() {
  std::vector<WeightedChoice> choices;
  for (size_t purse = 0; purse < kPurseCount; ++purse) {
    std::vector<int64_t> weights;
    for (const EveningGift& gift : EveningCatalog()) {
      weights.push_back(GiftWeight(gift, static_cast<Purse>(purse)));
    }
    choices.emplace_back(weights);
  }
  return choices;
}

int32_t DrawCount(int64_t unit_price_minor, EveningRandom& random) {
  static constexpr int32_t kCounts[] = {1, 10, 66, 99, 520, 1'314};
  static const WeightedChoice& penny_counts =
      *new WeightedChoice({700, 150, 80, 50, 15, 5});  // up to ¥1
  static const WeightedChoice& small_counts =
      *new WeightedChoice({850, 110, 25, 10, 3, 2});  // up to ¥10: 1,314 may pass the tip cap
  static const WeightedChoice& middle_counts = *new WeightedChoice({920, 72, 6, 2});  // up to ¥100
  static const WeightedChoice& large_counts = *new WeightedChoice({980, 20});
  if (unit_price_minor <= 100) return kCounts[penny_counts.Draw(random)];
  if (unit_price_minor <= 1'000) return kCounts[small_counts.Draw(random)];
  if (unit_price_minor <= 10'000) return kCounts[middle_counts.Draw(random)];
  return kCounts[large_counts.Draw(random)];
}

Purse DrawTipper(EveningRandom& random) {
  static const WeightedChoice& tippers = *new WeightedChoice({6'297, 2'750, 800, 150, 3});
  return static_cast<Purse>(tippers.Draw(random));
}

Purse DrawRecharger(EveningRandom& random) {
  static const WeightedChoice& rechargers = *new WeightedChoice({500, 300, 150, 50});
  return static_cast<Purse>(rechargers.Draw(random));
}

bool Confirms(int64_t payer_id) {
  // The purse is a matter of payer_id % 1,000, this of the digits around it.
  return (payer_id / 1'000 + payer_id) % 10 < 7;
}

int64_t DrawRechargeAmount(Purse purse, EveningRandom& random) {
  // The packets that apps sell; ¥6,480 is above the sample policy's cap of one recharge.
  static constexpr int64_t kPackets[] = {600,    3'000,  6'800,   9'800,   12'800,
                                         32'800, 64'800, 100'000, 300'000, 648'000};
  static constexpr int64_t kFirstPacket[kPurseCount] = {0, 1, 3, 6, 6};
  const int64_t first = kFirstPacket[static_cast<size_t>(purse)];
  const int64_t last = purse == Purse::kWhale ? 9 : first + 3;
  return kPackets[random.Between(first, last)];
}

EveningRechargeEnd DrawRechargeEnd(EveningRandom& random) {
  static const WeightedChoice& ends = *new WeightedChoice({900, 70, 20, 10});
  return static_cast<EveningRechargeEnd>(ends.Draw(random));
}

}  // namespace tipgate

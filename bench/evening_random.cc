#include "bench/evening_random.h"

#include <algorithm>
#include <limits>

namespace tipgate {
namespace {

uint64_t RotateLeft(uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }

uint64_t SplitMix64(uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

EveningRandom::EveningRandom(uint64_t seed) {
  for (uint64_t& word : state_) word = SplitMix64(seed);
}

uint64_t EveningRandom::Next() {
  const uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = RotateLeft(state_[3], 45);
  return result;
}

int64_t EveningRandom::Below(int64_t bound) {
  const uint64_t range = static_cast<uint64_t>(bound);
  // The numbers above the last whole multiple of the range would make small results more likely.
  const uint64_t usable = std::numeric_limits<uint64_t>::max() / range * range;
  uint64_t drawn = Next();
  while (drawn >= usable) drawn = Next();
  return static_cast<int64_t>(drawn % range);
}

int64_t EveningRandom::Between(int64_t first, int64_t last) {
  return first + Below(last - first + 1);
}

bool EveningRandom::Chance(int64_t per_10000) { return Below(10'000) < per_10000; }

WeightedChoice::WeightedChoice(const std::vector<int64_t>& weights) {
  int64_t sum = 0;
  for (const int64_t weight : weights) cumulative_.push_back(sum += weight);
}

size_t WeightedChoice::Draw(EveningRandom& random) const {
  const int64_t drawn = random.Below(cumulative_.back());
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), drawn);
  return static_cast<size_t>(found - cumulative_.begin());
}

}  // namespace tipgate

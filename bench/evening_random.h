#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tipgate {

// Random numbers that are the same on every machine and with every compiler: xoshiro256** (Blackman
// and Vigna, 2018), seeded by splitmix64, integers only. The distributions of <random> differ
// between libraries. One thread.
class EveningRandom {
 public:
  explicit EveningRandom(uint64_t seed);

  uint64_t Next();

  // Uniform over 0 .. bound - 1; bound > 0.
  int64_t Below(int64_t bound);

  // Uniform over first .. last, both included.
  int64_t Between(int64_t first, int64_t last);

  // True so many times in 10,000.
  bool Chance(int64_t per_10000);

 private:
  std::array<uint64_t, 4> state_;
};

// Draws 0 .. n - 1, each as often as its weight says.
class WeightedChoice {
 public:
  // No weight below 0, the sum above 0.
  explicit WeightedChoice(const std::vector<int64_t>& weights);

  size_t Draw(EveningRandom& random) const;

 private:
  std::vector<int64_t> cumulative_;
};

}  // namespace tipgate

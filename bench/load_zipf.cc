#include "bench/load_zipf.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tipgate {
namespace {

constexpr double kFullShare = std::numeric_limits<uint32_t>::max();

// Each number's probability times `count`, so that the average is 1.
std::vector<double> Weights(uint32_t count, double exponent) {
  std::vector<double> weights(count);
  for (uint32_t i = 0; i < count; ++i) weights[i] = std::pow(i + 1.0, -exponent);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight *= count / sum;
  return weights;
}

}  // namespace

Zipf::Zipf(uint32_t count, double exponent) : slots_(count) {
  std::vector<double> weights = Weights(count, exponent);
  std::vector<uint32_t> light;
  std::vector<uint32_t> heavy;
  for (uint32_t i = 0; i < count; ++i) (weights[i] < 1 ? light : heavy).push_back(i);
  // Fill the rest of each light number's slot with a heavy one.
  while (!light.empty() && !heavy.empty()) {
    const uint32_t small = light.back();
    const uint32_t large = heavy.back();
    light.pop_back();
    slots_[small] = {static_cast<uint32_t>(weights[small] * kFullShare), large};
    weights[large] -= 1 - weights[small];
    if (weights[large] < 1) {
      heavy.pop_back();
      light.push_back(large);
    }
  }
  // What is left weighs 1, up to rounding.
  for (const auto& rest : {light, heavy}) {
    for (uint32_t i : rest) slots_[i] = {std::numeric_limits<uint32_t>::max(), i};
  }
}

uint32_t Zipf::Draw(std::mt19937_64& random) const {
  const auto i = static_cast<uint32_t>(DrawUniform(random, slots_.size()));
  const auto share = static_cast<uint32_t>(random());
  return share <= slots_[i].own_share ? i : slots_[i].alias;
}

}  // namespace tipgate

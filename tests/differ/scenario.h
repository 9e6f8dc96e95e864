#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/differ/duel.h"
#include "tests/differ/operation.h"
#include "tests/differ/random.h"
#include "tests/oracle/policy.h"

namespace tipgate::differ {

// So many requests make a scenario: the oracle's work grows with their square.
inline constexpr int kRequestsPerScenario = 400;

// One evening or month of a small platform, all of it drawn from the seed.
class Scenario {
 public:
  explicit Scenario(uint64_t seed);
  // All of it from the bytes of a fuzzer, which outlive it: it ends with them.
  explicit Scenario(absl::string_view bytes);

  // Draws and does steps, until there are `requests_max` requests or a difference. True if there is
  // none.
  bool Run(int64_t requests_max = kRequestsPerScenario);

  int64_t requests_count() const { return requests_count_; }
  const Tally& tally() const { return tally_; }

  // After a difference: what differs, and the shortest trace found that still leads to one.
  std::string Report() const;

 private:
  // What the steps lead to with a new gate and a new oracle; empty if to no difference.
  std::string DifferenceOf(const std::vector<Step>& steps) const;
  std::vector<Step> Shrunken() const;

  // `steps` draws the steps; if there is none, `random` goes on with them.
  Scenario(const std::string& name, bool has_cold, Random random, std::optional<Random> steps);

  const std::string name_;
  Random random_;  // of the steps
  Cast cast_;
  int64_t key_retention_ms_ = 0;
  oracle::Policy policy_;
  std::vector<Step> steps_;
  int64_t requests_count_ = 0;
  Tally tally_;
  std::string difference_;
};

// The seed of the n-th scenario of a run.
uint64_t ScenarioSeed(uint64_t seed, int64_t n);

}  // namespace tipgate::differ

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/scratch_directory.h"

namespace tipgate {

// A tier, wide open unless a test narrows it.
struct TestTier {
  std::string name = "T1";
  int64_t session_received_max_minor = 1'000'000'000;
  std::string session_duration_max = "4h";
  int32_t sessions_per_day_max = 1'000;
  std::string session_interval = "0s";
  std::string settle_delay = "7d";
};

// A policy, wide open unless a test narrows it. Its time zone is one where it is about noon, so
// that no midnight falls into a test.
struct TestPolicy {
  int64_t gift_price_max_minor = 300'000;
  int64_t tip_max_minor = 500'000'000;
  int64_t day_limit_minor = 1'000'000'000;
  int64_t month_limit_minor = 1'000'000'000;
  std::string reminder_permille = "[1000]";
  std::string facts_max_age;  // Empty: no limit.
  std::string minors;         // A YAML map, or empty.
  std::string more;           // Further lines of YAML, or empty.
  std::vector<TestTier> tiers = {TestTier()};
  std::string settle_delays;  // A YAML list, or empty.
  int64_t recharge_single_max_minor = 1'000'000'000;
  int64_t recharge_day_limit_minor = 1'000'000'000;
  int64_t recharge_month_limit_minor = 1'000'000'000;
  std::string recharge_hold_duration = "30m";
};

// An IANA zone where it is between 11:30 and 12:30 now.
std::string NoonTimeZone();

// A gift whose id is its price, of each of these prices, and one that is off sale.
inline constexpr int64_t kGiftPrices[] = {1, 10, 100, 1'000, 10'000, 300'000, 300'001};
inline constexpr int64_t kGiftOffSale = 9;

std::string ToYaml(const TestPolicy& policy);
std::string GiftsYaml();

// The files of one gate and its data directory, in a folder that goes with this object.
class GateFiles {
 public:
  // `more_config` is YAML: what the configuration sets besides the paths.
  static absl::StatusOr<GateFiles> Create(const TestPolicy& policy, const std::string& more_config);

  std::string data_dir() const { return folder_.Join("data"); }
  std::string config_file() const { return folder_.Join("config.yaml"); }
  std::string policy_file() const { return folder_.Join("policy.yaml"); }
  std::string gifts_file() const { return folder_.Join("gifts.yaml"); }
  std::string log_file() const { return folder_.Join("gate.log"); }
  std::string Join(const std::string& name) const { return folder_.Join(name); }

 private:
  ScratchDirectory folder_;
};

void WriteFile(const std::string& path, const std::string& text);
std::string ReadFile(const std::string& path);

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tipgate {

// What tipgate's peers take from the policy and the gift catalogue.
struct PeerRules {
  int64_t gift_price_max_minor = 0;
  int64_t tip_max_minor = 0;
  int64_t day_limit_minor = 0;
  int64_t month_limit_minor = 0;
  bool is_stopped = false;  // An emergency stop of everything; no file says so.
  absl::TimeZone zone;
  absl::flat_hash_map<std::string, int64_t> session_caps_minor;  // By tier.
  absl::flat_hash_map<int64_t, int64_t> gift_prices_minor;       // Of gifts on sale.
};

// INVALID_ARGUMENT, with the file's name, if one of them cannot be read.
absl::StatusOr<PeerRules> ReadPeerRules(const std::string& policy_file,
                                        const std::string& gifts_file);

}  // namespace tipgate

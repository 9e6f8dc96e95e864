#include "bench/peer_rules.h"

#include <yaml-cpp/yaml.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace tipgate {

absl::StatusOr<PeerRules> ReadPeerRules(const std::string& policy_file,
                                        const std::string& gifts_file) {
  PeerRules rules;
  std::string file = policy_file;
  try {
    const YAML::Node policy = YAML::LoadFile(file);
    rules.gift_price_max_minor = policy["gift_price_max_minor"].as<int64_t>();
    rules.tip_max_minor = policy["tip_max_minor"].as<int64_t>();
    rules.day_limit_minor = policy["day_limit_minor"].as<int64_t>();
    rules.month_limit_minor = policy["month_limit_minor"].as<int64_t>();
    if (!absl::LoadTimeZone(policy["time_zone"].as<std::string>(), &rules.zone)) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": unknown time zone"));
    }
    for (const YAML::Node& tier : policy["tiers"]) {
      rules.session_caps_minor[tier["name"].as<std::string>()] =
          tier["session_received_max_minor"].as<int64_t>();
    }
    file = gifts_file;
    const YAML::Node catalog = YAML::LoadFile(file);
    for (const YAML::Node& gift : catalog["gifts"]) {
      if (gift["is_disabled"].as<bool>(false)) continue;
      rules.gift_prices_minor[gift["gift_id"].as<int64_t>()] =
          gift["unit_price_minor"].as<int64_t>();
    }
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": ", error.what()));
  }
  return rules;
}

}  // namespace tipgate

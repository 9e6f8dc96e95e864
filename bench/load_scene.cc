#include "bench/load_scene.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/load_wire.h"

namespace tipgate {
namespace {

// The cheapest gifts use up the least of any limit, and a few keep the catalogue lookup honest.
constexpr size_t kGiftsMax = 8;

std::vector<LoadGift> CheapestGifts(const YAML::Node& catalog) {
  std::vector<LoadGift> gifts;
  for (const YAML::Node& gift : catalog["gifts"]) {
    if (gift["is_disabled"].as<bool>(false)) continue;
    gifts.push_back({gift["unit_price_minor"].as<int64_t>(), gift["gift_id"].as<int64_t>()});
  }
  std::sort(gifts.begin(), gifts.end());
  gifts.resize(std::min(gifts.size(), kGiftsMax));
  return gifts;
}

std::string RoomiestTier(const YAML::Node& policy) {
  std::string name;
  int64_t most = 0;
  for (const YAML::Node& tier : policy["tiers"]) {
    const auto cap = tier["session_received_max_minor"].as<int64_t>();
    if (cap > std::exchange(most, std::max(most, cap))) name = tier["name"].as<std::string>();
  }
  return name;
}

// yaml-cpp reports by exceptions: they end here.
template <typename Read>
absl::Status ReadYaml(const std::string& path, Read read) {
  try {
    read(YAML::LoadFile(path));
    return absl::OkStatus();
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
}

}  // namespace

int64_t LoadScene::Id(int64_t index) const {
  return static_cast<int64_t>(run_number << kIndexBits) + index + 1;
}

absl::StatusOr<LoadScene> MakeScene(const LoadOptions& options) {
  LoadScene scene;
  // Every run at another millisecond of about five hours has another number.
  const auto now_ms = static_cast<uint64_t>(absl::ToUnixMillis(absl::Now()));
  scene.run_number = now_ms & ((uint64_t{1} << LoadScene::kRunNumberBits) - 1);
  scene.are_payers_there = !options.data_dir.empty();
  scene.payer_count = options.payers;
  scene.active_payer_count = options.active_payers > 0 ? options.active_payers : options.payers;
  scene.session_count = options.sessions;
  for (int64_t i = 0; i < scene.session_count; ++i) {
    scene.session_fields.push_back(EncodeSessionFields(scene.StreamerId(i), scene.SessionId(i)));
  }
  absl::Status status = ReadYaml(
      options.gifts_file, [&](const YAML::Node& catalog) { scene.gifts = CheapestGifts(catalog); });
  status.Update(ReadYaml(options.policy_file,
                         [&](const YAML::Node& policy) { scene.tier = RoomiestTier(policy); }));
  if (!status.ok()) return status;
  for (const LoadGift& gift : scene.gifts) {
    scene.gift_fields.push_back(EncodeGiftFields(gift.gift_id, gift.unit_price_minor, 1));
  }
  if (scene.gift_fields.empty() || scene.tier.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no gift in ", options.gifts_file, " or no tier in ", options.policy_file));
  }
  return scene;
}

absl::Status WriteRoomyPolicy(const std::string& from, const std::string& to) {
  return ReadYaml(from, [&](YAML::Node policy) {
    policy["day_limit_minor"] = kOutOfReachMinor;
    policy["month_limit_minor"] = kOutOfReachMinor;
    policy.remove("cooling_off");  // nobody tips as fast as this program
    for (YAML::Node tier : policy["tiers"]) tier["session_received_max_minor"] = kOutOfReachMinor;
    std::ofstream(to) << policy << "\n";
  });
}

absl::Status WriteConfigWithIdentities(const std::string& from, const std::string& to) {
  return ReadYaml(from, [&](YAML::Node config) {
    config["development_identities"] = true;
    std::ofstream(to) << config << "\n";
  });
}

}  // namespace tipgate

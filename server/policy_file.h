#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "server/yaml_message.h"
#include "tipgate/v1/policy.pb.h"

namespace tipgate {

struct PolicyFile {
  v1::TippingPolicy policy;
  YamlLocations locations;
};

// Read a file and check everything that policy.proto tells about its message. The first fault is
// the error, with file, line and what is expected. Durations are whole milliseconds: their texts
// have no smaller unit.
absl::StatusOr<PolicyFile> LoadPolicy(const std::string& path);
// A gift above the policy's gift_price_max_minor is accepted here; tips of it are refused.
absl::StatusOr<v1::GiftCatalog> LoadGifts(const std::string& path);

}  // namespace tipgate

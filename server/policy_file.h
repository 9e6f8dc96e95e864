#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "server/field_faults.h"
#include "tipgate/v1/policy.pb.h"
#include "yaml/yaml_message.h"

namespace tipgate {

// Find everything wrong with a message that policy.proto tells, and fill in defaults. Durations are
// whole milliseconds.
void CheckPolicy(v1::TippingPolicy* policy, FieldFaults* faults);
// A gift above the policy's gift_price_max_minor is not found here.
void CheckGifts(v1::GiftCatalog* catalog, FieldFaults* faults);

struct PolicyFile {
  v1::TippingPolicy policy;
  YamlLocations locations;
};

// Read a file and check it. The first fault is the error, with file, line and what is expected.
absl::StatusOr<PolicyFile> LoadPolicy(const std::string& path);
// A gift above the policy's gift_price_max_minor is accepted here; tips of it are refused.
absl::StatusOr<v1::GiftCatalog> LoadGifts(const std::string& path);

}  // namespace tipgate

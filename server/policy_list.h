#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/ids.h"

namespace tipgate {

// Tells where a list of policies goes on, after the proposal `last`, as text for callers.
std::string MakePolicyPageToken(RecordId last);

// Nothing for a text that MakePolicyPageToken did not make.
std::optional<RecordId> ParsePolicyPageToken(absl::string_view token);

}  // namespace tipgate

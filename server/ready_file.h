#pragma once

#include <string>

#include "absl/status/status.h"

namespace tipgate {

// Tells who waits for it that the gate serves: one JSON object with both addresses and the process
// id. Appears whole.
absl::Status WriteReadyFile(const std::string& path, const std::string& listen_address,
                            const std::string& metrics_address);

}  // namespace tipgate

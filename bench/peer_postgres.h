#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/peer.h"

namespace tipgate {

// Makes a cluster of its own under `folder` and starts a PostgreSQL on it, on loopback.
absl::StatusOr<std::unique_ptr<Peer>> StartPostgres(const std::string& folder);

}  // namespace tipgate

#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/peer.h"

namespace tipgate {

// How a call with many tips goes to Redis.
enum class RedisStyle {
  kScript,    // One script decides on all of them.
  kPipeline,  // A script each, all sent at once.
};

// Starts a Redis of its own with its data under `folder`, on loopback.
absl::StatusOr<std::unique_ptr<Peer>> StartRedis(const std::string& folder, RedisStyle style);

}  // namespace tipgate

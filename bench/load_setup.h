#pragma once

#include "absl/status/status.h"
#include "bench/load_scene.h"
#include "bench/load_worker.h"

namespace tipgate {

// Puts the scene's streamers, sessions and payers, unless those are there, by unary calls with many
// under way, and shows how far it is. Fails unless every one of them is accepted; CANCELLED after
// an interrupt.
absl::Status SetUpScene(const LoadScene& scene, const LoadChannels& channels);

}  // namespace tipgate

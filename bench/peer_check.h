#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/peer.h"

namespace tipgate {

// What the check asks: a few tips in a small world.
struct PeerCase {
  std::string claim;
  std::vector<PeerTip> tips;  // Sent in one call.
  std::vector<PeerAnswer> expected;
};

// A world, and what must be answered in it, one call after another.
struct PeerCheck {
  PeerWorld world;
  std::vector<PeerCase> cases;
};

// Proves that a peer applies the rules that it says it does: each of them refuses, a limit may be
// reached exactly, what is refused is not counted, a repeat of a key gets the first answer.
// `rules` gives zone and gifts; the limits are the check's own.
std::vector<PeerCheck> PeerChecks(const PeerRules& rules);

// Sets each world up and asks. FAILED_PRECONDITION, with the claim, at the first answer that is not
// the expected one.
absl::Status RunPeerChecks(Peer& peer, const std::vector<PeerCheck>& checks);

}  // namespace tipgate

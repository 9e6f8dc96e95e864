#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/load_worker.h"
#include "bench/peer.h"

namespace tipgate {

// Makes the tips of the next call, in place of those that are there.
using PeerTips = std::function<void(std::vector<PeerTip>& tips)>;
using PeerConnections = std::vector<std::unique_ptr<PeerConnection>>;

// A closed loop in the calling thread: each connection sends the next call when the last one is
// answered, until the time is over; then what is under way is waited for. CANCELLED after an
// interrupt, DEADLINE_EXCEEDED if a peer says nothing for 30 s.
absl::StatusOr<LoadResult> RunPeerLoop(PeerConnections& connections, const PeerTips& next_tips,
                                       absl::Duration duration);

// Makes one call, and waits for its answers.
absl::StatusOr<std::vector<PeerAnswer>> AskPeer(PeerConnection& connection,
                                                const std::vector<PeerTip>& tips);

}  // namespace tipgate

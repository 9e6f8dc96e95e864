#pragma once

#include "absl/status/statusor.h"
#include "bench/load_bench.h"
#include "bench/load_options.h"
#include "bench/peer.h"
#include "bench/peer_rules.h"

namespace tipgate {

// Puts the run's payers and sessions, warms up, and measures, with limits out of reach as for the
// gate. The same options give the same tips as tipbench with one thread.
absl::StatusOr<LoadReport> RunPeerBench(const LoadOptions& options, const PeerRules& rules,
                                        Peer& peer);

}  // namespace tipgate

#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/load_bench.h"
#include "bench/load_options.h"
#include "bench/peer.h"
#include "bench/peer_rules.h"

namespace tipgate {

// Puts the run's payers and sessions, warms up, and measures, with limits out of reach as for the
// gate. The same options give the same tips as tipbench with one thread. Fails as
// CheckNothingIsRefused does.
absl::StatusOr<LoadReport> RunPeerBench(const LoadOptions& options, const PeerRules& rules,
                                        Peer& peer);

// FAILED_PRECONDITION, with `peer` and the rule, if a tip was refused: a run is made such that none
// should be, and a refusal costs less than a tip.
absl::Status CheckNothingIsRefused(const std::string& peer, const LoadResult& result);

}  // namespace tipgate

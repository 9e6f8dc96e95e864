#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tests/crash/report.h"

namespace tipgate::crash {

struct RunOptions {
  uint64_t seed = 1;
  int64_t rounds = 50;
  std::string only =
      {};         // the name of a point that is to come in every round; empty: all take turns
  int slice = 0;  // of runs that share the points
  int slices_count = 1;
  // Told after each round what it was about. May be empty.
  std::function<void(const std::string& round, const Report& so_far)> tell = {};
};

// Rounds of a real gate that dies and starts again, each data directory for a few of them. Ends at
// the first fault. The seed draws what is done and where the gate dies; what happens in between is
// the machine's.
Report RunCrashes(const RunOptions& options);

}  // namespace tipgate::crash

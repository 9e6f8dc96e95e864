#pragma once

#include <cstdint>

#include "tests/support/core_gate.h"

namespace tipgate {

// Brings a policy with every rule into force, then sends `operations` random operations of every
// kind to the gate, with time moving on between them, and now and then calls `CoreGate::Checkpoint`
// if `checkpoints` is true. The same seed sends the same.
void RunRandomEvening(uint64_t seed, int operations, CoreGate* gate, bool checkpoints = false);

}  // namespace tipgate

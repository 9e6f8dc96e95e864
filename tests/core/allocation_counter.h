#pragma once

#include <cstdint>

namespace tipgate {

// Counts every allocation of the whole process: link it into a test of its own.

// Allocations so far.
int64_t AllocationsCount();
// Bytes that are allocated now.
int64_t AllocatedBytes();

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/damage/failing_disk.h"

namespace tipgate::damage {

// What became of faults of one kind.
struct FaultTally {
  int64_t cases_count = 0;
  int64_t struck_count = 0;    // the others came later than the gate lived
  int64_t answered_count = 0;  // answers before the faults; all of them were there afterwards
  std::map<int, int64_t> exit_codes;     // of the processes that were struck
  std::map<std::string, int64_t> files;  // which kinds of file were struck
};

// A gate lives until the disk fails on its k-th write or sync, and dies; with `loses_power` what
// was not synced is gone as well. The next one, on a disk that is well, must have everything that
// was answered, and go on. What is wrong, or nothing.
std::string TryDiskFault(DiskOperation operation, int64_t k, FaultTally* tally);

// The same with a volume that has no room for more than so many bytes: then a start is refused
// until there is room again.
std::string TryFullDisk(int64_t room_bytes, FaultTally* tally);

}  // namespace tipgate::damage

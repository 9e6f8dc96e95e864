#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/simulation/faults.h"

namespace tipgate::simulation {

// One file that is only appended to, on a disk that keeps nothing before it is synced.
//
// What was written and not synced is in the page cache: it outlives the process, but of the machine
// only the sectors that happened to be written, in any order. Writes, syncs and reads can fail; of
// a sync that failed, each sector may be there or not, and no later sync brings it back.
class SimulatedDisk {
 public:
  explicit SimulatedDisk(Faults* faults);

  absl::Status Append(absl::string_view bytes);
  absl::Status Sync();
  absl::StatusOr<std::string> Read();
  // Cuts off what stands after `size`, durably.
  void Truncate(size_t size);

  // The machine loses its power: what was not synced is there by the sector, or not.
  void LosePower();

  // The volume is full from here on, or no longer.
  void SetFull(bool is_full) { is_full_ = is_full; }

 private:
  // Each sector that is not synced stays as it is, or becomes zeros.
  void DropSectors();

  Faults& faults_;
  size_t sector_bytes_;
  std::string bytes_;
  size_t synced_size_ = 0;
  bool is_full_ = false;
};

}  // namespace tipgate::simulation

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tipgate {

// A copy of everything that was durable at one time: it contains every entry up to `sequence`,
// which was the journal's head when it was begun, and perhaps some later ones.
struct Backup {
  int64_t id = 0;              // from 1; a later one has a higher id
  int64_t create_time_ms = 0;  // Unix, whole seconds
  int64_t sequence = 0;
  std::string chain_head;  // hash of that entry, 64 hexadecimal digits
  int64_t format = 0;      // of the data directory
  int64_t bytes = 0;       // of a data directory that is restored from it
  int64_t files_count = 0;
};

// Where backups of a serving gate go. Any thread.
class BackupStore {
 public:
  virtual ~BackupStore() = default;

  // Told how many bytes have been written so far, some times a second, on the caller's thread.
  // False: give it up.
  using GoOn = absl::FunctionRef<bool(int64_t written_bytes)>;

  // Makes one, beside everything else that goes on; stores only what no earlier one has. Where it
  // fails, earlier ones stay as they are, and so does the gate. CANCELLED: `go_on` said no. Other
  // errors say what cannot be read or written there.
  virtual absl::StatusOr<Backup> Create(GoOn go_on) = 0;

  // All that are whole, the oldest first.
  virtual absl::StatusOr<std::vector<Backup>> List() const = 0;
};

}  // namespace tipgate

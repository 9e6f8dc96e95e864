#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace tipgate {

struct MadeDirectoryOptions {
  std::string path;  // which is new
  int64_t payers = 0;
  int64_t tail_tips = 0;
  // Of the payers, those whose tips are in the tail; 0: all.
  int64_t active_payers = 0;
};

// Makes a data directory as a gate leaves it in a crash: so many payers, registered a month ago and
// stored, and so many tips of now, which stand in the journal alone. Much quicker than by calls,
// through the same core and the same storage. CANCELLED after an interrupt: the directory is not
// whole then.
absl::Status MakeDirectory(const MadeDirectoryOptions& options);

// Copies a data directory that no process has open to `to`, which is new. Tables, which RocksDB
// never changes, are linked: it takes no time and no room for what is stored.
absl::Status CopyDirectory(const std::string& from, const std::string& to);

}  // namespace tipgate

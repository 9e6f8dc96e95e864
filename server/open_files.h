#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace tipgate {

// Every connection and every file of the database takes one of this process's open files, and a
// journal that can open no more must stop. So connections leave some: for RocksDB's tables, of
// which at most 1,024 are open, its logs, and the metrics' connections. The least leaves room for a
// thousand connections.
inline constexpr int64_t kOpenFilesReserve = 2048;
inline constexpr int64_t kOpenFilesMin = 4096;

// Raises the limit of open files to all that the system allows this process. FAILED_PRECONDITION if
// that is less than `files_min`; the message says what to do. Before the first thread.
absl::Status RaiseOpenFilesLimit(int64_t files_min);

// How many files this process may have open.
int OpenFilesMax();

}  // namespace tipgate

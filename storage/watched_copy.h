#pragma once

#include <cstdint>
#include <functional>

#include "absl/functional/function_ref.h"
#include "rocksdb/status.h"
#include "storage/gentle_file_system.h"

namespace tipgate {

// Runs `copy`, which writes to the file system, on a thread of its own, and tells the caller's how
// far it is some times a second. Once `go_on` says no, calls `stop` from there, and goes on
// waiting.
rocksdb::Status RunWatched(const std::function<rocksdb::Status()>& copy,
                           const std::function<void()>& stop, const GentleFileSystem& file_system,
                           absl::FunctionRef<bool(int64_t written_bytes)> go_on);

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tipgate {

// The bytes that the volume of this RocksDB database, which need not exist, has free for this
// process, less what its logs have: a flush, or the next start, makes tables of them, and they go
// only after that. Negative if there is not room enough even for these. UNAVAILABLE if the volume
// cannot be asked. Any thread, also while the database is open.
absl::StatusOr<int64_t> SpareBytes(const std::string& database_path);

// RESOURCE_EXHAUSTED if the volume of this RocksDB database, which is not open and need not exist,
// has not `free_bytes_min` bytes free for this process, and as many as its logs have.
//
// A start makes tables of the logs that it finds, and writes options and a manifest. Where it
// cannot, RocksDB does not tell: some of its writers abort the process.
absl::Status CheckFreeSpace(const std::string& database_path, int64_t free_bytes_min);

// Deletes what RocksDB had marked as needless when the process ended (`*.trash`), for it would not
// before the database is open. The same conditions.
void DeleteTrash(const std::string& database_path);

}  // namespace tipgate

#pragma once

#include <memory>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "storage/database.h"

namespace tipgate {

// What RocksDB is opened with, and why. `latch` and `filter` as in Database.
rocksdb::DBOptions MakeDbOptions(const DatabaseOptions& options,
                                 std::shared_ptr<rocksdb::EventListener> latch);

// The same for one that is only read: leaves no trace in its directory.
rocksdb::DBOptions MakeReadOnlyDbOptions(const DatabaseOptions& options,
                                         std::shared_ptr<rocksdb::EventListener> latch);

// The index of idempotency keys, Family::kKeys.
inline constexpr char kKeysFamilyName[] = "keys";

// The families in the order of Family, after RocksDB's own default.
std::vector<rocksdb::ColumnFamilyDescriptor> MakeFamilies(const DatabaseOptions& options,
                                                          const rocksdb::CompactionFilter* filter);

}  // namespace tipgate

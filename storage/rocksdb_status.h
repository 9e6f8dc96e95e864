#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/advice.h"

namespace rocksdb {
class Status;
class Slice;
}  // namespace rocksdb

namespace tipgate {

// The border between RocksDB's errors and ours. `doing` starts the message: "append entry 7".
//
// DATA_LOSS: damaged or missing bytes. RESOURCE_EXHAUSTED: the disk is full. FAILED_PRECONDITION:
// made by another version or with other options. UNAVAILABLE: any other I/O error; after a write
// its outcome is unknown. INTERNAL: what should not happen. The message ends with what to do next;
// that of NOT_FOUND, which is no fault, does not.
absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view doing,
                         absl::string_view damage_advice = kRestoreAdvice);

rocksdb::Slice ToSlice(absl::string_view bytes);
absl::string_view ToView(const rocksdb::Slice& slice);

}  // namespace tipgate

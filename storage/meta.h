#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/database.h"

namespace rocksdb {
class WriteBatch;
}  // namespace rocksdb

namespace tipgate {

// The numbers of which a data directory has one each, in the family `meta`.

// The term of the last claim.
inline constexpr absl::string_view kMetaTerm = "term";
// No stored state contains anything of later entries.
inline constexpr absl::string_view kMetaDecidedSequence = "decided_sequence";
// Stored state contains everything up to this entry.
inline constexpr absl::string_view kMetaCompleteSequence = "complete_sequence";
// Keys of earlier entries are forgotten.
inline constexpr absl::string_view kMetaForgetKeysBefore = "forget_keys_before";
// 1 while the index of keys is made anew and knows only some of them.
inline constexpr absl::string_view kMetaKeysRebuilding = "keys_rebuilding";

// 0 if it was never put. DATA_LOSS if its bytes are damaged.
absl::StatusOr<int64_t> GetMeta(const Database& database, absl::string_view name);

void PutMeta(const Database& database, absl::string_view name, int64_t value,
             rocksdb::WriteBatch* batch);

}  // namespace tipgate

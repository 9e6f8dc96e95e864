#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/state_store.h"
#include "storage/database.h"

namespace tipgate {

// The family `keys`: hash of caller and idempotency key, big-endian -> RecordId, big-endian.
//
// Write: one thread at a time. Find: any thread.
class KeyIndex {
 public:
  // `database` outlives it. One index writes at a time.
  explicit KeyIndex(const Database* database);

  // Stores tables, the later one winning where two know a key. Few keys go through the log,
  // unsynced; many become a file that is synced when this returns.
  absl::Status Write(const std::vector<std::shared_ptr<const KeyTable>>& tables);

  // The record of a key, or unset. DATA_LOSS if the index is damaged, which needs no backup:
  // storage/key_rebuild.h.
  absl::StatusOr<RecordId> Find(const Hash128& key) const;

 private:
  struct Row {
    Hash128 key;
    RecordId record;
  };

  void Collect(const std::vector<std::shared_ptr<const KeyTable>>& tables);
  absl::Status WriteBatches();
  absl::Status WriteFile();

  const Database* database_;
  std::string path_;  // of a file that is not the database's yet
  bool has_unflushed_keys_ = false;
  std::vector<Row> rows_;  // reused
};

}  // namespace tipgate

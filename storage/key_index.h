#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/state_store.h"
#include "storage/bulk_file.h"
#include "storage/database.h"
#include "storage/key_filter.h"

namespace tipgate {

// Calls `visit` with each row that is stored, ascending, those of forgotten keys too, as long as it
// returns true. DATA_LOSS if the index is damaged.
absl::Status ForEachKey(const Database& database, absl::FunctionRef<bool(const KeyRow&)> visit);

// The family `keys`: hash of caller and idempotency key, big-endian -> RecordId, big-endian. A
// filter in memory keeps the look-ups of new keys, which nearly all are, away from it.
//
// Write: one thread at a time. Find: any thread.
class KeyIndex {
 public:
  // `database` outlives it. One index writes at a time.
  KeyIndex(const Database* database, int64_t filter_bytes);
  ~KeyIndex();

  // Puts what is stored into the filter, on a thread of its own. Until that is done, and if it
  // never is, look-ups go to RocksDB.
  void StartLoading();

  // Stores tables, the later one winning where two know a key. Few keys go through the log,
  // unsynced; many become a file that is synced when this returns.
  absl::Status Write(const KeyTables& tables);

  // Fills in the record of each key, or unset. DATA_LOSS if the index is damaged, which needs no
  // backup: storage/key_rebuild.h.
  absl::Status Find(absl::Span<KeyLookup> keys) const;

  // True once new keys need no look at RocksDB.
  bool is_loaded() const { return is_loaded_.load(std::memory_order_acquire); }

 private:
  void Load();
  absl::StatusOr<RecordId> FindStored(const Hash128& key) const;
  void Collect(const KeyTables& tables);
  absl::Status WriteBatches();
  absl::Status WriteFile();

  const Database* database_;
  BulkFile file_;
  std::vector<KeyRow> rows_;  // reused
  KeyFilter filter_;
  std::atomic<bool> is_loaded_{false};
  std::atomic<bool> is_stopping_{false};
  std::thread loader_;
};

}  // namespace tipgate

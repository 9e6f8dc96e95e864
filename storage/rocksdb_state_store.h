#pragma once

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/state_store.h"
#include "storage/bulk_file.h"
#include "storage/database.h"
#include "storage/key_index.h"
#include "storage/state_rows.h"

namespace tipgate {

// The state in RocksDB's family `state`: kind and id -> sealed fields; the keys in `keys`
// (KeyIndex).
//
// Threads as in StateStore. Invariants, whatever a crash cuts off:
// 1. State never leads the journal: the entries that an image contains are synced before Write is
//    called.
// 2. Everything up to `complete_sequence` is stored. The number is written after everything that it
// promises is synced.
class RocksDbStateStore : public StateStore {
 public:
  static constexpr int64_t kKeyFilterBytes = int64_t{512} << 20;

  // `database` outlives the store; `key_filter_bytes` bounds what KeyIndex remembers in memory.
  // DATA_LOSS if what the database remembers about itself is damaged.
  static absl::StatusOr<std::unique_ptr<RocksDbStateStore>> Open(
      const Database* database, int64_t key_filter_bytes = kKeyFilterBytes);

  // The same over a database that is open to read alone, or for a few look-ups: without a filter,
  // which would read all keys.
  static absl::StatusOr<std::unique_ptr<RocksDbStateStore>> OpenWithoutFilter(
      const Database* database);

  absl::StatusOr<StoredState> Load() override;
  absl::Status LoadPayers(PayersTaker take) override;
  absl::Status Write(const StateImage& image) override;
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const override;
  absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const override;
  absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) const override;
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const override;
  absl::Status FindKeys(absl::Span<KeyLookup> keys) const override;

 private:
  RocksDbStateStore(const Database* database, int64_t key_filter_bytes);

  static absl::StatusOr<std::unique_ptr<RocksDbStateStore>> Make(const Database* database,
                                                                 int64_t key_filter_bytes);

  void Collect(const StateImage& image);
  absl::Status WriteRows(const StateImage& image);
  absl::Status WriteComplete(const StateImage& image);

  const Database* database_;
  KeyIndex keys_;
  absl::Status failure_;  // the first; nothing is written after it
  StateRows rows_;        // of images that were not the last of their checkpoint
  BulkFile file_;
};

}  // namespace tipgate

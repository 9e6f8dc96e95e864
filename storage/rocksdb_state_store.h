#pragma once

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/state_store.h"
#include "storage/byte_buffer.h"
#include "storage/database.h"
#include "storage/key_index.h"

namespace tipgate {

// The state in RocksDB's family `state`: kind and id -> sealed fields; the keys in `keys`
// (KeyIndex).
//
// Threads as in StateStore. Invariants, whatever a crash cuts off:
// 1. State never leads the journal. An image goes to the same log as the journal, after the entries
// that it contains;
//    those are synced before Write is called.
// 2. Everything up to `complete_sequence` is stored. The number is written after everything that it
// promises is synced.
class RocksDbStateStore : public StateStore {
 public:
  // `database` outlives the store. DATA_LOSS if what it remembers about itself is damaged.
  static absl::StatusOr<std::unique_ptr<RocksDbStateStore>> Open(const Database* database);

  absl::StatusOr<StoredState> Load() override;
  absl::Status LoadPayers(PayersTaker take) override;
  absl::Status Write(const StateImage& image) override;
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const override;
  absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const override;
  absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) const override;
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const override;
  absl::StatusOr<RecordId> FindKey(const Hash128& key) const override;

 private:
  explicit RocksDbStateStore(const Database* database);

  absl::Status WriteEntities(const StateImage& image);
  absl::Status WriteComplete(const StateImage& image);

  const Database* database_;
  KeyIndex keys_;
  absl::Status failure_;  // the first; nothing is written after it
  ByteBuffer buffer_;
};

}  // namespace tipgate

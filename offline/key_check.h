#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/entry.h"
#include "core/hash128.h"
#include "core/ids.h"
#include "core/journal.h"
#include "core/state_store.h"
#include "storage/database.h"

namespace tipgate {

// Compares the stored index of idempotency keys with the journal: an index that has lost a key
// would take a retry for a new tip. Nearly always each key stands once between the forgotten
// entries and those after the stored state, and then it is enough to sum up hashes of both. Where
// the sums differ, each key is looked up: one that was forgotten in between may stand there twice,
// and the index knows the later one. One thread.
class KeyCheck {
 public:
  // Reads the whole index. DATA_LOSS if its bytes are damaged.
  static absl::StatusOr<KeyCheck> Of(const Database& database);

  // Told of all entries.
  void Add(const Entry& entry);

  // After the last one; `store` has the index. DATA_LOSS says where the index is wrong, and how it
  // is made anew.
  absl::Status Compare(const Journal& journal, const StateStore& store) const;

  // Keys that are remembered.
  int64_t count() const { return journal_.count; }

 private:
  struct Sum {
    int64_t count = 0;
    Hash128 hash;

    void Add(const Hash128& key, RecordId record);
  };

  absl::Status LookUpAll(const Journal& journal, const StateStore& store) const;

  bool is_rebuilding_ = false;  // the index is known to be half: a start makes it anew
  int64_t forget_before_ = 0;
  int64_t complete_sequence_ = 0;
  Sum index_;
  Sum journal_;
  // Rows of entries that are newer: the index has some of these, and each must be right.
  absl::flat_hash_map<Hash128, RecordId> newer_;
};

}  // namespace tipgate

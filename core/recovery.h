#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/journal.h"
#include "core/key_memory.h"
#include "core/state.h"
#include "core/state_store.h"

namespace tipgate {

struct RecoveryReport {
  int64_t stored_sequence = 0;       // state up to here was stored
  int64_t entries_folded_count = 0;  // and these entries after it were folded in
};

// Rebuilds state and keys, which are empty, as of the journal's head: stored state, then the fold
// of what came after. So many payers are brought into memory, and those that the fold needs.
// DATA_LOSS if bytes are damaged, or if state contains what the journal does not: then the journal
// has lost its end.
absl::StatusOr<RecoveryReport> Recover(const Journal& journal, StateStore& store,
                                       int64_t payers_resident_max, State* state, KeyMemory* keys);

// Makes the keys of an entry known.
void InsertKeys(const Entry& entry, KeyMemory* keys);

}  // namespace tipgate

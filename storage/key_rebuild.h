#pragma once

#include "absl/status/statusor.h"
#include "core/journal.h"
#include "storage/database.h"

namespace tipgate {

// Makes the index of idempotency keys anew from the database's own journal, where all of them
// stand, if `is_wanted`, or if a process ended before it was done with that: half an index would
// take a retry for a new tip. True if it did. Before anything else looks keys up or writes.
absl::StatusOr<bool> RebuildKeys(Database* database, const Journal& journal, bool is_wanted);

}  // namespace tipgate

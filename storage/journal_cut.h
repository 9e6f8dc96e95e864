#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "storage/database.h"

namespace tipgate {

// Takes all entries after `last_sequence` (>= 1) from the journal, and all state and keys, which
// may contain them: both have to be made anew from what is left. All keys count as remembered,
// since who cuts cannot know how long they were by then. Nothing else may use the database, and
// what of it was open sees the past.
absl::Status CutJournal(Database* database, int64_t last_sequence);

// Makes all that was written durable, in tables.
absl::Status FlushAll(const Database& database);

}  // namespace tipgate

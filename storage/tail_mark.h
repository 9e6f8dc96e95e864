#pragma once

#include <string>

#include "absl/status/status.h"
#include "storage/database.h"

namespace tipgate {

// A mark of how far the files that grow at their ends, the logs and the MANIFEST, were once
// durable, in a file of its own beside the database. RocksDB takes a damaged length of the last
// record of one for what a crash tore, and goes on without it: entries, rows, or whole tables. The
// mark may be old; it is never ahead of what is durable.

// Syncs the logs and marks them. Durable when it returns OK; an error is that of a write.
// `*last_text`, empty at first, keeps what was written: the same again is not.
absl::Status WriteTailMark(const std::string& directory, const Database& database,
                           std::string* last_text);

// Before the database is opened: DATA_LOSS if one of the files, unless it is gone, is damaged
// before where it was marked, or if the mark is damaged; the message says what to do. OK without a
// mark.
absl::Status CheckTailMark(const std::string& directory);

}  // namespace tipgate

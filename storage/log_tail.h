#pragma once

#include <string>

#include "absl/status/status.h"

namespace tipgate {

// DATA_LOSS if a log of this RocksDB database, which is not open, has whole records behind what
// looks like a torn tail; OK if there is no database.
//
// RocksDB takes a record that reaches beyond its log's end for one that a crash tore, and drops it.
// A damaged length looks the same, and takes all entries behind it along. But a log grows at its
// end: nothing follows a tear, unless a power failure kept later pages of what was never synced and
// lost earlier ones; this is refused too. Damage to the very last record cannot be told from a
// tear; see storage/head_mark.h.
absl::Status CheckLogTails(const std::string& database_path);

}  // namespace tipgate

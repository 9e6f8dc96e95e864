#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tipgate {

// DATA_LOSS if a log or a MANIFEST of this RocksDB database, which is not open, has whole records
// behind what looks like a torn tail, or something in its middle at which RocksDB would stop
// without a word; OK if there is no database. A MANIFEST is a log of which tables there are.
//
// RocksDB takes a record that reaches beyond its log's end for one that a crash tore, and drops it.
// A damaged length looks the same, and takes all entries behind it along. But a log grows at its
// end: nothing follows a tear, unless a power failure kept later pages of what was never synced and
// lost earlier ones; this is refused too. Damage to the very last record cannot be told from a
// tear; see storage/head_mark.h and storage/tail_mark.h.
absl::Status CheckLogTails(const std::string& database_path);

// True for the name of a file that is looked at so.
bool IsLogName(absl::string_view name);

// How many bytes of a log are whole records, as far as its last block tells; 0 if it cannot be
// read. Another thread may append to it.
int64_t WholeLogBytes(const std::string& path);

}  // namespace tipgate

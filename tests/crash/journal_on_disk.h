#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "core/entry.h"
#include "core/journal.h"

namespace tipgate::crash {

// Takes the next entry and its hash. False: that is enough.
using EntryTaker = std::function<bool(const Entry&, const ChainHash&)>;

// Reads the journal of a data directory that no process uses, from its first entry on, and writes
// nothing: what a crash has left, before anybody recovers it. DATA_LOSS if the chain is broken. A
// directory in which no journal was made yet has no entries.
absl::Status ReadJournalOnDisk(const std::string& data_dir, const EntryTaker& take);

}  // namespace tipgate::crash

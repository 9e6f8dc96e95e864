#pragma once

#include <string>

#include "absl/status/status.h"
#include "core/journal.h"

namespace tipgate {

// A mark of how far the journal once reached, in a file of its own: the database cannot tell that
// its newest log, or all of it, was taken away. The mark may be old; it is never ahead of what is
// durable.

// Marks a durable head. Durable when it returns OK.
absl::Status WriteHeadMark(const std::string& directory, const JournalHead& head);

// DATA_LOSS if the journal does not contain the marked entry, or if the mark is damaged; the
// message says what to do. OK without a mark.
absl::Status CheckHeadMark(const std::string& directory, const Journal& journal);

}  // namespace tipgate

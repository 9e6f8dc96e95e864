#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/journal.h"

namespace tipgate {

// The first entry whose time is `time_ms` or later; one past the head if there is none. Reads about
// log2(entries) entries. DATA_LOSS if bytes are damaged.
absl::StatusOr<int64_t> FirstSequenceAt(const Journal& journal, int64_t time_ms);

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/journal.h"

namespace tipgate {

// A point of the journal to go back to: after an entry, or as of a time.
struct PointInTime {
  int64_t last_sequence = 0;  // 0: none, see the time
  int64_t time_ms = 0;        // Unix; the last entry that is not later. 0: none
};

// The entry that the point is after. OUT_OF_RANGE: the journal does not reach it, or nothing was
// decided by then.
absl::StatusOr<int64_t> SequenceOf(const PointInTime& point, const Journal& journal);

// Makes a database, which nobody has open, what it was at a point of its journal: later entries are
// gone, state and index of keys are made anew from the others. Durable once it returns OK; half
// done if not. Wants 150 bytes of memory a payer. Errors also as SequenceOf.
absl::Status GoBackTo(const PointInTime& point, const std::string& database_path);

}  // namespace tipgate

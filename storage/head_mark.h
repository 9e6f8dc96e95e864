#pragma once

#include <cstdint>
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

// Marks how far the journal has come, whenever it is told to. One thread.
class HeadMarker {
 public:
  // `journal` outlives it.
  HeadMarker(std::string directory, const Journal* journal);

  // Writes the mark if the journal has come further since. An error is that of a write to the data
  // directory.
  absl::Status Mark();

 private:
  std::string directory_;
  const Journal& journal_;
  int64_t marked_sequence_ = 0;
};

}  // namespace tipgate

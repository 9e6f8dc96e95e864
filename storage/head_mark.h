#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/journal.h"
#include "storage/database.h"

namespace tipgate {

// A mark of how far the journal once reached, in a file of its own: the database cannot tell that
// its newest log, or all of it, was taken away. The mark may be old; it is never ahead of what is
// durable.

// Marks a durable head. Durable when it returns OK.
absl::Status WriteHeadMark(const std::string& directory, const JournalHead& head);

// DATA_LOSS if the journal does not contain the marked entry, or if the mark is damaged; the
// message says what to do. OK without a mark.
absl::Status CheckHeadMark(const std::string& directory, const Journal& journal);

// DATA_LOSS if the journal does not contain the entry with this hash (hexadecimal), as `witness`
// knows it, such as "HEAD"; sequence 0 is always there.
absl::Status CheckContains(const Journal& journal, int64_t sequence, absl::string_view hash,
                           absl::string_view witness);

// Marks how far the journal has come, whenever it is told to; with a database also how far its
// files have (storage/tail_mark.h). One thread.
class HeadMarker {
 public:
  // What is pointed to outlives it.
  HeadMarker(std::string directory, const Journal* journal, const Database* database = nullptr);

  // Writes the marks that have come further since. An error is that of a write to the data
  // directory.
  absl::Status Mark();

 private:
  std::string directory_;
  const Journal& journal_;
  const Database* const database_;
  int64_t marked_sequence_ = 0;
  std::string tails_;  // as marked
};

}  // namespace tipgate

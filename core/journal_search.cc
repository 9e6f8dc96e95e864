#include "core/journal_search.h"

namespace tipgate {

absl::StatusOr<int64_t> FirstSequenceAt(const Journal& journal, int64_t time_ms) {
  const JournalHead head = journal.Head();
  if (head.time_ms < time_ms) return head.sequence + 1;
  int64_t begin = 1;  // the answer is in [begin, end]
  int64_t end = head.sequence;
  Entry entry;
  while (begin < end) {
    const int64_t middle = begin + (end - begin) / 2;
    if (absl::Status status = journal.Read(middle, &entry); !status.ok()) return status;
    if (entry.moment.time_ms < time_ms) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace tipgate

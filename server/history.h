#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ids.h"
#include "core/journal.h"
#include "core/record.h"
#include "server/reader_pool.h"

namespace tipgate {

// Which tips are asked for.
struct TipFilter {
  static constexpr int64_t kNoStartMs = std::numeric_limits<int64_t>::min();
  static constexpr int64_t kNoEndMs = std::numeric_limits<int64_t>::max();

  // Whose; monostate: everybody's.
  std::variant<std::monostate, PayerId, StreamerId, SessionId> of;
  int64_t start_time_ms = kNoStartMs;  // decided at this time or later,
  int64_t end_time_ms = kNoEndMs;      // and before this
};

// Where a list of everybody's tips up to this entry begins; unset for entry 0, which is before the
// first one.
RecordId LastRecordOf(int64_t sequence);

// Tells where a list of tips goes on, as text for callers; bound to the filter that it came from.
std::string MakePageToken(const TipFilter& filter, RecordId next);

// Nothing for a text that MakePageToken did not make for this filter.
std::optional<RecordId> ParsePageToken(const TipFilter& filter, absl::string_view token);

// Walks the tips of a filter, newest first: those of somebody from each to the one before, those of
// everybody through all entries. Stops when asked to, and after a bounded number of records that it
// had to decode. One thread.
class TipWalk {
 public:
  // One walk decodes at most this many records before it stops, and those of one more entry. About
  // 50 ms.
  static constexpr int64_t kWorkMax = 100'000;

  // `reader` outlives this. Starts at `first`, which a list of everybody's tips need not hold.
  TipWalk(const TipFilter& filter, RecordId first, EntryReader* reader)
      : filter_(filter), next_(first), reader_(*reader) {}

  // Goes to the next tip. False at the end, or if enough has been done: then next() is set.
  // DATA_LOSS if bytes are damaged, INVALID_ARGUMENT if the walk does not start at a tip of the
  // filter.
  absl::StatusOr<bool> Advance();

  // The tip, after Advance was true, until the next Advance.
  const TipRecord& tip() const { return *tip_; }
  const Entry& entry() const { return *entry_; }
  RecordId id() const { return id_; }

  // Where a later walk goes on; unset at the end of the list.
  RecordId next() const { return next_; }

 private:
  // Reads what id_ names.
  absl::Status ReadEntry();
  bool IsInFilter() const;
  RecordId Previous() const;

  const TipFilter filter_;
  RecordId next_;
  EntryReader& reader_;
  const Entry* entry_ = nullptr;
  const TipRecord* tip_ = nullptr;  // null: the record at id_ is no tip
  RecordId id_;
  int64_t work_ = 0;
};

}  // namespace tipgate

#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "core/entry.h"
#include "core/fingerprint.h"
#include "core/journal.h"
#include "core/state.h"

namespace tipgate {

// Goes through history with a state of its own: decides every request again and compares with what
// was recorded, then folds the record in. Starts at the first entry. One thread.
class Verifier {
 public:
  // `journal` is read again for settlements; it outlives this.
  explicit Verifier(const Journal& journal) : journal_(journal) {}

  // The next entry, whose bytes and place in the chain its reader has checked. DATA_LOSS says which
  // record differs.
  absl::Status Verify(const Entry& entry);

  const State& state() const { return state_; }
  int64_t records_count() const { return records_count_; }

 private:
  void Prefetch(const Entry& entry, size_t position) const;
  absl::Status VerifyTip(const Entry& entry, size_t position, const TipRecord& tip);
  absl::Status VerifyRecord(const Entry& entry, size_t position);
  // OK if the record that was decided last is the recorded one.
  absl::Status Compare(const Entry& entry, const Record& recorded);

  const Journal& journal_;
  State state_;
  Entry decided_;    // what the rules say today
  Entry looked_up_;  // the last one that a tip was looked for in: the next stands there, mostly
  int64_t records_count_ = 0;
  RecordWords recorded_words_;
  RecordWords decided_words_;
};

}  // namespace tipgate

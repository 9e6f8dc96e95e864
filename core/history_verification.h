#pragma once

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/entry.h"
#include "core/hash128.h"
#include "core/journal.h"
#include "core/state.h"
#include "core/totals.h"
#include "core/verifier.h"

namespace tipgate {

// What a state says of itself as it was after an entry of the journal.
struct StateSummary {
  int64_t last_sequence = 0;
  int64_t time_ms = 0;  // the fingerprint is as of then
  Totals totals;
  EntityCounts counts;
  Hash128 fingerprint;
};

StateSummary SummaryOf(const State& state, int64_t last_sequence, int64_t time_ms);

// OK if every accepted fen is in exactly one place, counted once more from the parts: the states of
// tips and recharges sum up to what was accepted, and the sums of all streamers and the balances of
// all payers, who must be in memory, to the totals. DATA_LOSS says which sum does not.
absl::Status CheckMoney(const State& state);

// One walk through the whole history, with a state of its own: bytes, chain, order and time as the
// journal's reader checks them, and every decision made again (core/verifier.h). One thread.
class HistoryVerification {
 public:
  // Told of each entry that was found right; false: end here.
  using GoOn = absl::FunctionRef<bool(const Entry& entry)>;

  // `journal` outlives this.
  explicit HistoryVerification(const Journal& journal);

  // Verifies all entries up to this one, then the money. Once. DATA_LOSS says at which entry and
  // record something is wrong; CANCELLED: `go_on` said no.
  absl::Status Run(int64_t last_sequence, GoOn go_on);

  // After that: OK if another state, of the same entry, is the one that history leads to. DATA_LOSS
  // says what differs in `whose` state, such as "the running".
  absl::Status Compare(const StateSummary& other, absl::string_view whose) const;

  const State& state() const { return verifier_.state(); }
  int64_t records_count() const { return verifier_.records_count(); }
  // The hash of the last entry; zeros before the first.
  const ChainHash& chain_head() const { return chain_head_; }

 private:
  const std::unique_ptr<JournalReader> reader_;
  Verifier verifier_;
  ChainHash chain_head_{};
};

}  // namespace tipgate

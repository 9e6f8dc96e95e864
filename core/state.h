#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "core/hash128.h"
#include "core/payer.h"
#include "core/policy.h"
#include "core/recharge.h"
#include "core/session.h"
#include "core/state_store.h"
#include "core/streamer.h"
#include "core/table.h"
#include "core/totals.h"

namespace tipgate {

// Everything that a decision can depend on. Changed by the fold (core/fold.h) alone. One thread.
class State {
 public:
  Table<PayerId, Payer> payers;
  Table<StreamerId, Streamer> streamers;
  Table<SessionId, Session> sessions;
  Table<RecordId, Recharge> recharges;
  Totals totals;
  PolicyPtr policy;        // null until the first PolicyRecord
  GiftCatalogPtr catalog;  // null until the first CatalogRecord

  // Makes this, which is empty, what `stored` says. The policy and the catalogue are the caller's:
  // they stand in the journal, where totals tell.
  void Load(const StoredState& stored);

  // Moments at which a held recharge expires, or a closed one may be forgotten. Kept by the fold;
  // one that became untrue (captured before it expired) stays until its time.
  void PushExpiry(int64_t time_ms, RecordId recharge);
  // The earliest of them if it is due at `now_ms`, else unset.
  RecordId DueExpiry(int64_t now_ms) const;
  void PopExpiry();
  // When the earliest of them is due; INT64_MAX if there is none.
  int64_t NextExpiryMs() const;

  // Forgets a closed recharge. Decisions do not see the difference (kRechargeMemoryMs).
  void Forget(RecordId recharge);

  // Starts a checkpoint of what has changed; `sequence` is the last entry folded in.
  void BeginCheckpoint(int64_t sequence);
  // Copies up to `count_max` changed entities to `image`. False when that was the last part of the
  // checkpoint: then complete_sequence is set.
  bool CopyCheckpoint(size_t count_max, StateImage* image);

  // A hash of all state, equal for equal state however it came to be. `now_ms` is the time of the
  // last entry.
  Hash128 Fingerprint(int64_t now_ms) const;

 private:
  std::vector<std::pair<int64_t, RecordId>> expiries_;  // a heap, the earliest first
  std::vector<RecordId> forgotten_;
  int64_t checkpoint_sequence_ = 0;
};

// True if the gate no longer answers for this recharge.
bool IsForgotten(const Recharge& recharge, int64_t now_ms);

}  // namespace tipgate

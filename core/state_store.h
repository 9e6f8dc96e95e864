#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/agency.h"
#include "core/hash128.h"
#include "core/ids.h"
#include "core/income_job.h"
#include "core/payer.h"
#include "core/payer_controls.h"
#include "core/proposal.h"
#include "core/recent_tips.h"
#include "core/recharge.h"
#include "core/sanction.h"
#include "core/session.h"
#include "core/stops.h"
#include "core/streamer.h"
#include "core/tip.h"
#include "core/totals.h"

namespace tipgate {

// Which record each idempotency key of a stretch of the journal named; by the hash of caller and
// key.
using KeyTable = absl::flat_hash_map<Hash128, RecordId>;
using KeyTables = std::vector<std::shared_ptr<const KeyTable>>;

// A key, as it was found in the stored index before its command entered the sequencer.
struct KeyLookup {
  Hash128 hash;
  RecordId stored;  // unset: not in the index
};

// Copies of changed state, taken between two batches. A checkpoint is one or more of them in order.
struct StateImage {
  std::vector<Payer> payers;
  std::vector<PayerControls> controls;
  std::vector<RecentTips> recent_tips;
  std::vector<Streamer> streamers;
  std::vector<StreamerSanctions> sanctions;
  std::vector<Session> sessions;
  std::vector<Recharge> recharges;
  std::vector<Tip> tips;
  std::vector<Agency> agencies;
  std::vector<IncomeJob> income_jobs;
  std::vector<PayerId> forgotten_recent_tips;  // to delete
  std::vector<Recharge> forgotten_recharges;   // to delete, or to keep for FindRecharge if they are
                                               // in the wallet
  std::vector<Session> forgotten_sessions;     // to keep for FindSession, but not for Load
  std::vector<Tip> forgotten_tips;             // to keep for FindTip, but not for Load
  std::vector<RecordId> forgotten_jobs;        // to delete
  std::optional<Totals> totals;
  std::optional<Stops> stops;
  std::optional<PolicyBook> policies;
  KeyTables keys;
  KeyTables dropped_keys;  // not to be stored: go with the image
  int64_t decided_sequence =
      0;  // the newest entry that any copy may contain; must be durable before the write
  int64_t complete_sequence =
      0;  // > 0 in the last image of a checkpoint: state up to this entry is stored then
  int64_t forget_keys_before = 0;  // key records of entries before this sequence may be dropped
};

// Everything that was stored of the state but the payers, who are too many. Each entity may be
// newer than `complete_sequence`, by its `changed`.
struct StoredState {
  std::vector<PayerControls> controls;
  std::vector<RecentTips> recent_tips;
  std::vector<Streamer> streamers;
  std::vector<StreamerSanctions> sanctions;
  std::vector<Session> sessions;
  std::vector<Recharge> recharges;
  std::vector<Tip> tips;
  std::vector<Agency> agencies;
  std::vector<IncomeJob> income_jobs;
  Totals totals;
  Stops stops;
  PolicyBook policies;
  int64_t complete_sequence = 0;   // 0: nothing was stored
  int64_t forget_keys_before = 0;  // keys of earlier entries may be gone
};

// The materialised state: may lag the journal, never leads it. And the index of idempotency keys,
// which is as old.
class StateStore {
 public:
  virtual ~StateStore() = default;

  // Reads everything but the payers, once, before the first Write. DATA_LOSS if bytes are damaged.
  virtual absl::StatusOr<StoredState> Load() = 0;

  // Reads all payers, likewise, each once. Calls `take` with some at a time: from one thread at a
  // time, but not always the same one.
  using PayersTaker = absl::FunctionRef<void(absl::Span<const Payer>)>;
  virtual absl::Status LoadPayers(PayersTaker take) = 0;

  // Stores an image, which may wait for the last one of its checkpoint: once that is written all
  // of them are there, and until then any of them. One thread at a time. On an error the process
  // must stop.
  virtual absl::Status Write(const StateImage& image) = 0;

  // A stored payer. Any thread.
  virtual absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const = 0;

  // A stored session, also one that Load no longer gives. Any thread.
  virtual absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const = 0;

  // A stored tip, also one that Load no longer gives. Any thread.
  virtual absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) const = 0;

  // A stored recharge, also one in the wallet that Load no longer gives. Any thread.
  virtual absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const = 0;

  // Fills in what each stored key named. Any thread. Knows all keys of the entries up to the
  // complete_sequence of the last Write that returned.
  virtual absl::Status FindKeys(absl::Span<KeyLookup> keys) const = 0;

  // The same for one: the record that it named, or unset.
  absl::StatusOr<RecordId> FindKey(const Hash128& key) const {
    KeyLookup lookup{.hash = key, .stored = RecordId()};
    const absl::Status status = FindKeys(absl::MakeSpan(&lookup, 1));
    if (!status.ok()) return status;
    return lookup.stored;
  }
};

}  // namespace tipgate

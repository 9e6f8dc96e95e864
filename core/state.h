#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "core/agency.h"
#include "core/entry.h"
#include "core/hash128.h"
#include "core/income_job.h"
#include "core/payer.h"
#include "core/payer_controls.h"
#include "core/policy.h"
#include "core/proposal.h"
#include "core/recent_tips.h"
#include "core/recharge.h"
#include "core/sanction.h"
#include "core/session.h"
#include "core/state_store.h"
#include "core/stops.h"
#include "core/streamer.h"
#include "core/table.h"
#include "core/tip.h"
#include "core/totals.h"

namespace tipgate {

// What happens by itself at a moment; of one moment in this order.
enum class DueKind : uint8_t {
  kRecharge,    // a held one expires, a closed one is forgotten
  kTip,         // a held one expires, one to which nothing happens any more is forgotten
  kPolicy,      // an approved one comes into force
  kSession,     // a closed one is forgotten
  kRecentTips,  // those of a payer are forgotten, if there are no newer ones by then
  kIncomeJob,   // one that is done is forgotten
};
struct Due {
  int64_t time_ms = 0;
  DueKind kind{};
  int64_t id = 0;  // of the kind's table

  friend auto operator<=>(const Due&, const Due&) = default;
};

// A tip whose income is due with a record of a settle delay, but not as that record says.
struct ExceptionKey {
  int64_t delay_ms = 0;
  RecordId due;
  RecordId tip;

  friend auto operator<=>(const ExceptionKey&, const ExceptionKey&) = default;
};

// Everything that a decision can depend on. Changed by the fold (core/fold.h) alone. One thread.
class State {
 public:
  Table<PayerId, Payer> payers;  // those in memory; see FindPayer
  Table<PayerId, PayerControls> controls;
  Table<PayerId, RecentTips> recent_tips;
  Table<StreamerId, Streamer> streamers;
  Table<StreamerId, StreamerSanctions> sanctions;
  Table<SessionId, Session> sessions;
  Table<RecordId, Recharge> recharges;
  Table<RecordId, Tip> tips;
  Table<AgencyId, Agency> agencies;
  Table<RecordId, IncomeJob> income_jobs;
  Totals totals;
  Stops stops;
  PolicyBook policies;
  PolicyPtr policy;        // null until the first PolicyRecord
  GiftCatalogPtr catalog;  // null until the first CatalogRecord

  // Lists of what stands in the tables, in order. Kept by the fold.
  std::set<ExceptionKey> exceptions;
  std::set<RecordId> frozen_tips;
  std::set<RecordId> open_jobs;
  void RemoveFromLists(const Tip& tip);
  void AddToLists(const Tip& tip);
  // Those that a cursor has passed.
  void ForgetExceptions(const SettleCursor& cursor);

  // Registered payers are in memory, or cold: in the store alone. Whoever is to be looked at or
  // changed must have been admitted before (Sequencer::Admit). Null: nobody of that id is
  // registered. A cold payer who is asked for is a bug, and would lose what is to count: checked.
  Payer* FindPayer(PayerId id) {
    Payer* const payer = payers.Find(id);
    TIPGATE_CHECK(payer != nullptr || cold_payers_count_ == 0 || IsKnownAbsent(id));
    return payer;
  }
  const Payer* FindPayer(PayerId id) const { return const_cast<State*>(this)->FindPayer(id); }
  int64_t cold_payers_count() const { return cold_payers_count_; }
  int64_t payers_count() const { return static_cast<int64_t>(payers.size()) + cold_payers_count_; }

  // Takes a payer out of memory, who must be stored as they are.
  void Evict(PayerId id);
  // Brings one back, as stored.
  void Admit(const Payer& stored);
  // True if something of theirs is held: then time alone may change them, so they must stay.
  bool HasHolds(PayerId id) const { return holds_.contains(id); }
  // Says for whom FindPayer may answer null while others are cold; ascending.
  void SetAbsentPayers(std::vector<PayerId> ids) { absent_payers_ = std::move(ids); }

  // Makes this, which is empty, what `stored` says. The policies and the catalogue are the
  // caller's: they stand in the journal, where totals and proposals tell.
  void Load(const StoredState& stored);
  // After that: all payers, in parts. Those beyond `resident_max` are cold.
  void LoadPayers(absl::Span<const Payer> stored, int64_t resident_max);

  // A hold of a tip or a recharge begins or ends. Kept by the fold.
  void AddHold(PayerId payer) { ++holds_[payer]; }
  void RemoveHold(PayerId payer);

  // What time alone will do. Kept by the fold; what became untrue (a hold that was captured before
  // it expired) stays until its time.
  void PushDue(const Due& due);
  // The earliest if it is due at `now_ms`, else null.
  const Due* NextDue(int64_t now_ms) const;
  void PopDue();
  // When the earliest is due; INT64_MAX if there is none.
  int64_t NextDueMs() const;

  // Takes something closed out of memory. Decisions do not see the difference: they look it up with
  // FindKnown.
  void Forget(const Recharge& recharge);
  void Forget(const Session& session);
  void Forget(const RecentTips& recent);
  void Forget(const Tip& tip);
  void Forget(const IncomeJob& job);

  // Starts a checkpoint of what has changed; `sequence` is the last entry folded in.
  void BeginCheckpoint(int64_t sequence);
  // Copies up to `count_max` changed entities to `image`. False when that was the last part of the
  // checkpoint: then complete_sequence is set.
  bool CopyCheckpoint(size_t count_max, StateImage* image);

  // A hash of all state, equal for equal state however it came to be. `now_ms` is the time of the
  // last entry.
  Hash128 Fingerprint(int64_t now_ms) const;

 private:
  bool IsKnownAbsent(PayerId id) const;
  // A payer as they are in memory: what is stored may lag behind in what other tables tell.
  Payer Completed(const Payer& stored) const;

  int64_t cold_payers_count_ = 0;
  Hash128 cold_payers_sum_;  // of their fingerprints
  std::vector<PayerId> absent_payers_;
  absl::flat_hash_map<PayerId, int32_t> holds_;  // how many, of those who have any

  std::vector<Due> dues_;  // a heap, the earliest first
  std::vector<Recharge> forgotten_recharges_;
  std::vector<Session> forgotten_sessions_;
  std::vector<PayerId> forgotten_recent_tips_;
  std::vector<Tip> forgotten_tips_;
  std::vector<RecordId> forgotten_jobs_;
  int64_t checkpoint_sequence_ = 0;
};

// When it expires or is forgotten. A session must be closed.
Due DueOf(const Recharge& recharge);
Due DueOf(const Session& session);
Due DueOf(const RecentTips& recent);
// An approved one.
Due DueOf(const Proposal& proposal);
Due DueOf(const Tip& tip);
Due DueOf(const IncomeJob& job);

// True if the gate no longer knows this.
bool IsForgotten(const Recharge& recharge, int64_t now_ms);
bool IsForgotten(const Session& session, int64_t now_ms);
bool IsForgotten(const RecentTips& recent, int64_t now_ms);
bool IsForgotten(const Tip& tip, const Totals& totals, int64_t now_ms);
bool IsForgotten(const IncomeJob& job, int64_t now_ms);

// The element as decisions may see it: null also if it is forgotten, whether it has left the memory
// by now or not.
template <typename T>
const T* IfKnown(const T* found, int64_t now_ms) {
  return found == nullptr || IsForgotten(*found, now_ms) ? nullptr : found;
}
template <typename IdType, typename T>
const T* FindKnown(const Table<IdType, T>& table, IdType id, int64_t now_ms) {
  return IfKnown(table.Find(id), now_ms);
}

}  // namespace tipgate

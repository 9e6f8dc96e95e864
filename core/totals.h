#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"
#include "core/money.h"
#include "core/tip_sums.h"

namespace tipgate {

// How far the tips of one settle delay are settled: a cursor over the journal.
struct SettleCursor {
  int64_t delay_ms = 0;
  int64_t last_sequence = 0;  // tips of this delay up to this entry are settled

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.delay_ms, self.last_sequence);
  }

  friend bool operator==(const SettleCursor&, const SettleCursor&) = default;
};

// The most settle delays that a journal may know: tiers and amount classes of all its policies.
// Each costs a reader.
inline constexpr size_t kSettleCursorsMax = 256;

// Of these, room is kept for whole days up to 90, whatever policies say: staff may hold income back
// for so long, and what is released late settles without any delay.
inline constexpr int64_t kWholeDayMs = int64_t{24} * 3600 * 1000;
inline constexpr int64_t kWholeDaysMax = 90;
inline constexpr size_t kPolicyDelaysMax = kSettleCursorsMax - (kWholeDaysMax + 1);

inline bool IsInWholeDays(int64_t delay_ms) {
  return delay_ms % kWholeDayMs == 0 && delay_ms <= kWholeDaysMax * kWholeDayMs;
}

// Where every fen is, and what there is only one of.
//
// Invariants: accepted = the sum of `tips`; recharge_authorized = held + captured + voided +
// expired, where a late capture moves from expired to captured; balances >= 0.
struct Totals {
  int64_t tips_accepted_count = 0;
  int64_t tips_rejected_count = 0;
  Money accepted;
  TipSums tips;
  int64_t reminders_count = 0;
  Money recharge_authorized;
  Money recharge_held;
  Money recharge_captured;
  Money recharge_voided;
  Money recharge_expired;
  Money recharge_refunded;            // of what was captured
  Money balances;                     // of all payers together
  std::vector<SettleCursor> cursors;  // ascending by delay
  RecordId policy_record;             // the record that put the policy in force
  RecordId catalog_record;
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.tips_accepted_count, self.tips_rejected_count, self.accepted);
    self.tips.Fields(self.tips, visit);
    visit(self.reminders_count, self.recharge_authorized, self.recharge_held,
          self.recharge_captured, self.recharge_voided, self.recharge_expired,
          self.recharge_refunded, self.balances, self.cursors, self.policy_record,
          self.catalog_record, self.changed);
  }

  // The cursor of a delay, or null before its first tip.
  const SettleCursor* FindCursor(int64_t delay_ms) const;
  SettleCursor* FindCursor(int64_t delay_ms);
};

// How many of each kind state holds.
struct EntityCounts {
  int64_t payers = 0;
  int64_t streamers = 0;
  int64_t sessions = 0;
};

// Calls `visit(name, value)` for each sum of money, in minor units, and each count, by the names
// that the contract's message Totals gives them.
template <class Visitor>
void ForEachSum(const Totals& totals, const EntityCounts& counts, Visitor visit) {
  visit("tips_accepted_count", totals.tips_accepted_count);
  visit("tips_rejected_count", totals.tips_rejected_count);
  visit("accepted_minor", totals.accepted.minor());
  visit("held_minor", totals.tips.held.minor());
  visit("pending_minor", totals.tips.pending.minor());
  visit("frozen_minor", totals.tips.frozen.minor());
  visit("settled_minor", totals.tips.settled.minor());
  visit("voided_minor", totals.tips.voided.minor());
  visit("refunded_minor", totals.tips.refunded.minor());
  visit("reminders_count", totals.reminders_count);
  visit("recharge_authorized_minor", totals.recharge_authorized.minor());
  visit("recharge_held_minor", totals.recharge_held.minor());
  visit("recharge_captured_minor", totals.recharge_captured.minor());
  visit("recharge_voided_minor", totals.recharge_voided.minor());
  visit("recharge_expired_minor", totals.recharge_expired.minor());
  visit("recharge_refunded_minor", totals.recharge_refunded.minor());
  visit("balances_minor", totals.balances.minor());
  visit("payers_count", counts.payers);
  visit("streamers_count", counts.streamers);
  visit("sessions_count", counts.sessions);
}

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <type_traits>

#include "core/calendar.h"
#include "core/confirmation.h"
#include "core/ids.h"
#include "core/inline_list.h"
#include "core/inline_text.h"
#include "core/policy.h"

namespace tipgate {

// A limit that a payer has set for themself. Lowering it works at once, a raise waits.
struct SelfLimit {
  Money amount = kNoLimit;
  Money raised = kNoLimit;    // what it becomes
  int64_t raise_time_ms = 0;  // from then on; 0: no raise waits

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.amount, self.raised, self.raise_time_ms);
  }

  bool is_raised(int64_t time_ms) const { return raise_time_ms != 0 && time_ms >= raise_time_ms; }
  Money At(int64_t time_ms) const { return is_raised(time_ms) ? raised : amount; }
};

// A case that a payer is frozen for (rule T5).
struct PayerFreeze {
  CaseName case_name;
  ActorName unfreeze_approver;  // the first of the two who must agree; empty: nobody yet

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.case_name, self.unfreeze_approver);
  }

  friend bool operator==(const PayerFreeze&, const PayerFreeze&) = default;
};

// The most cases that may freeze one payer at a time.
inline constexpr int kPayerFreezesMax = 4;

// What holds one payer back beyond the policy, by their own wish, a guardian's, or the platform's.
// Few payers have any of it, so it stands beside Payer, whose `has_controls` tells whether to look.
struct PayerControls {
  PayerId id;

  // Facts, put with the others.
  TierName tier;  // of the policy's payer_tiers; empty: none
  PayerLimits guardian;
  PayerLimits risk;

  // The payer's own limits.
  SelfLimit tip_max;
  SelfLimit day_limit;
  SelfLimit month_limit;

  // Rule T18: the last period whose gate was passed, and the tokens that are out.
  Day confirmed_day{};
  Month confirmed_month{};
  Confirmation day_gate;
  Confirmation month_gate;
  Confirmation self_limits;
  Confirmation reminders;

  bool has_reminders_off = false;      // rule W4
  bool allows_public_display = false;  // rule P3

  int64_t cooling_off_end_ms = 0;  // rule T15: refused before this

  InlineList<PayerFreeze, kPayerFreezesMax> freezes;  // each of another case, the oldest first

  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.tier);
    self.guardian.Fields(self.guardian, visit);
    self.risk.Fields(self.risk, visit);
    self.tip_max.Fields(self.tip_max, visit);
    self.day_limit.Fields(self.day_limit, visit);
    self.month_limit.Fields(self.month_limit, visit);
    visit(self.confirmed_day, self.confirmed_month);
    self.day_gate.Fields(self.day_gate, visit);
    self.month_gate.Fields(self.month_gate, visit);
    self.self_limits.Fields(self.self_limits, visit);
    self.reminders.Fields(self.reminders, visit);
    visit(self.has_reminders_off, self.allows_public_display);
    visit(self.cooling_off_end_ms, self.freezes, self.changed);
  }

  bool is_frozen() const { return freezes.size() != 0; }
  // The place of the freeze for this case; size() if there is none.
  size_t FindFreeze(const CaseName& case_name) const;

  Confirmation& ConfirmationOf(ConfirmationScope scope);
  const Confirmation& ConfirmationOf(ConfirmationScope scope) const {
    return const_cast<PayerControls*>(this)->ConfirmationOf(scope);
  }
};

static_assert(std::is_trivially_copyable_v<PayerControls>);

inline size_t PayerControls::FindFreeze(const CaseName& case_name) const {
  size_t place = 0;
  while (place < freezes.size() && freezes[place].case_name != case_name) ++place;
  return place;
}

inline Confirmation& PayerControls::ConfirmationOf(ConfirmationScope scope) {
  switch (scope) {
    case ConfirmationScope::kDayGate:
      return day_gate;
    case ConfirmationScope::kMonthGate:
      return month_gate;
    case ConfirmationScope::kReminders:
      return reminders;
    case ConfirmationScope::kSelfLimits:
      break;
  }
  return self_limits;
}

}  // namespace tipgate

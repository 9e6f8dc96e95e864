#pragma once

#include <cstdint>
#include <type_traits>

#include "core/age.h"
#include "core/calendar.h"
#include "core/ids.h"
#include "core/money.h"

namespace tipgate {

// What counts against a day and a month limit. A total belongs to its period: in a later one it
// reads as 0.
struct PeriodTotals {
  Day day{};
  Month month{};
  Money day_total;
  Money month_total;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.day, self.month, self.day_total, self.month_total);
  }

  Money DayTotal(const Moment& now) const { return day == now.day ? day_total : Money(); }
  Money MonthTotal(const Moment& now) const { return month == now.month ? month_total : Money(); }

  // Counts an amount in the periods of `now`. Periods never go back.
  void Add(const Moment& now, Money amount);

  // Rule R10: takes back an amount that was counted in `counted_day` and `counted_month`, as far as
  // those periods still run.
  void TakeBack(Day counted_day, Month counted_month, Money amount);
};

// One natural person who pays: small, flat, resident.
//
// Invariants: totals and balance are never negative; what was told belongs to the periods of
// `tips`.
struct Payer {
  PayerId id;
  bool is_verified = false;
  bool has_guardian_consent = false;
  bool has_youth_mode = false;
  bool has_controls = false;  // PayerControls tells more
  Age age;
  int16_t day_permille_told = 0;    // the highest reminder of tips.day
  int16_t month_permille_told = 0;  // the same for tips.month
  bool is_dirty = false;            // not stored: changed since the last checkpoint
  int64_t observe_time_ms = 0;      // when the facts were so
  int64_t pause_end_ms = 0;         // rule T6: refused before this; 0: never paused
  RecordId facts_record;            // the record that put them; it also has their source
  PeriodTotals tips;
  PeriodTotals recharges;
  Money balance;      // of the wallet that the gate keeps, where the policy says so (rule T20)
  RecordId last_tip;  // newest tip record of this payer; each points to the one before
  RecordId changed;   // the last record that changed this

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.is_verified, self.has_guardian_consent, self.has_youth_mode,
          self.has_controls);
    self.age.Fields(self.age, visit);
    visit(self.observe_time_ms, self.pause_end_ms, self.facts_record);
    self.tips.Fields(self.tips, visit);
    self.recharges.Fields(self.recharges, visit);
    visit(self.balance, self.day_permille_told, self.month_permille_told, self.last_tip,
          self.changed);
  }
};

// 0 of a payer who is not known.
inline Money BalanceOf(const Payer* payer) { return payer == nullptr ? Money() : payer->balance; }

static_assert(std::is_trivially_copyable_v<Payer>);
static_assert(sizeof(Payer) <= 128);

}  // namespace tipgate

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
  Money day_total;
  Money month_total;
  Day day{};  // the last in which something was counted, and so that of its month; Day{}: never

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    Month month = self.month();  // stored as well, though it follows from the day
    visit(self.day, month, self.day_total, self.month_total);
    if constexpr (requires { visit.Fail(""); }) {  // a reader
      if (month != self.month()) visit.Fail("a month is not that of its day");
    }
  }

  Month month() const { return day == Day{} ? Month{} : MonthOf(day); }
  // True if `now` is in the month of the last day.
  bool IsInMonthOf(const Moment& now) const { return day == now.day || month() == now.month; }

  Money DayTotal(const Moment& now) const { return day == now.day ? day_total : Money(); }
  Money MonthTotal(const Moment& now) const { return IsInMonthOf(now) ? month_total : Money(); }

  // Counts an amount in the periods of `now`. Periods never go back.
  void Add(const Moment& now, Money amount);

  // Rule R10: takes back an amount that was counted in `counted_day` and `counted_month`, as far as
  // those periods still run.
  void TakeBack(Day counted_day, Month counted_month, Money amount);
};

// One natural person who pays: small, flat, resident. What every tip looks at comes first, so that
// it is in two lines of the cache; the tails of PeriodTotals are filled with small fields.
//
// Invariants: totals and balance are never negative; what was told belongs to the periods of
// `tips`.
struct Payer {
  PayerId id;
  RecordId changed;   // the last record that changed this
  RecordId last_tip;  // newest tip record of this payer; each points to the one before
  [[no_unique_address]] PeriodTotals tips;
  int16_t day_permille_told = 0;    // the highest reminder of tips.day
  int16_t month_permille_told = 0;  // the same for tips.month
  int64_t observe_time_ms = 0;      // when the facts were so
  int64_t pause_end_ms = 0;         // rule T6: refused before this; 0: never paused
  Age age;
  bool is_verified = false;
  bool is_dirty = false;  // not stored: changed since the last checkpoint
  Money balance;          // of the wallet that the gate keeps, where the policy says so (rule T20)
  RecordId facts_record;  // the record that put the facts; it also has their source
  [[no_unique_address]] PeriodTotals recharges;
  bool has_guardian_consent = false;
  bool has_youth_mode = false;
  bool has_controls = false;  // PayerControls tells more

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
// With the index and the dirty list of Table: at most 128 bytes of memory a payer.
static_assert(sizeof(Payer) == 112);

}  // namespace tipgate

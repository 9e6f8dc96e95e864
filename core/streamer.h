#pragma once

#include <cstdint>
#include <type_traits>

#include "core/age.h"
#include "core/calendar.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"
#include "core/sanction.h"
#include "core/tip_sums.h"

namespace tipgate {

// One person who streams, and where their income stands.
//
// Invariant: the sum of `tips` is that of all accepted tips to them.
struct Streamer {
  StreamerId id;
  bool is_verified = false;
  bool has_guardian_consent = false;
  Age age;
  TierName tier;
  AgencyId agency;
  PayerId payer;  // the same person where they pay; unset: not known
  int64_t observe_time_ms = 0;
  RecordId facts_record;
  TipSums tips;
  Money income;                 // their share of what has settled, less what was kept for refunds
  Money receivable;             // their share of refunds of settled tips: kept from later income
  int64_t manual_delay_ms = 0;  // income settles at least so late, by the wish of staff
  SessionId open_session;       // unset: none
  Day sessions_day{};           // the day that sessions_today_count counts
  int32_t sessions_today_count = 0;
  int64_t last_session_end_ms = 0;  // 0: never
  RecordId last_tip;
  int64_t suspended_until_ms = 0;  // rule T8: receives nothing before this; kNeverMs: for good
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.is_verified, self.has_guardian_consent);
    self.age.Fields(self.age, visit);
    visit(self.tier, self.agency, self.payer, self.observe_time_ms, self.facts_record);
    self.tips.Fields(self.tips, visit);
    visit(self.income, self.receivable, self.manual_delay_ms, self.open_session, self.sessions_day,
          self.sessions_today_count, self.last_session_end_ms, self.last_tip,
          self.suspended_until_ms, self.changed);
  }

  int32_t SessionsToday(Day today) const {
    return sessions_day == today ? sessions_today_count : 0;
  }
};

static_assert(std::is_trivially_copyable_v<Streamer>);

}  // namespace tipgate

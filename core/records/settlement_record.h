#pragma once

#include <cstdint>

#include "core/ids.h"
#include "core/money.h"
#include "core/records/intent.h"

namespace tipgate {

// What one streamer, under one agency, gets in a settlement.
struct SettlementShare {
  StreamerId streamer;
  AgencyId agency;  // unset: none
  Money amount;     // that settles; what is not the streamer's or the agency's is the platform's
  Money streamer_income;
  Money agency_income;
  Money streamer_netted;  // of its income: kept for refunds of what was paid out before
  Money agency_netted;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.streamer, self.agency, self.amount, self.streamer_income, self.agency_income,
          self.streamer_netted, self.agency_netted);
  }
};

// A tip of the stretch that does not settle as its record says: it is frozen, or less is left.
struct SettlementException {
  RecordId tip;
  RecordId due;  // the record of the stretch
  Money amount;  // what settles; 0: nothing

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.tip, self.due, self.amount);
  }
};

// Every tip that falls due with one delay in the entries first_sequence .. last_sequence is
// settled.
struct SettlementRecord {
  int64_t delay_ms = 0;
  int64_t first_sequence = 0;
  int64_t last_sequence = 0;
  int64_t last_time_ms = 0;  // of the last entry; due at this plus the delay
  int64_t tips_count = 0;    // exceptions of which nothing settles left out
  Money amount;
  Slice<SettlementShare> shares;          // one a streamer and agency, ascending
  Slice<SettlementException> exceptions;  // ascending by `due`

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.delay_ms, self.first_sequence, self.last_sequence, self.last_time_ms,
          self.tips_count, self.amount, self.shares, self.exceptions);
  }
};

}  // namespace tipgate

#pragma once

#include <cstdint>

#include "core/ids.h"
#include "core/money.h"
#include "core/records/intent.h"

namespace tipgate {

// What one streamer gets in a settlement.
struct SettlementShare {
  StreamerId streamer;
  Money amount;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.streamer, self.amount);
  }
};

// Every accepted tip of one delay in the entries first_sequence .. last_sequence is settled.
struct SettlementRecord {
  int64_t delay_ms = 0;
  int64_t first_sequence = 0;
  int64_t last_sequence = 0;
  int64_t last_time_ms = 0;  // of the last entry; due at this plus the delay
  int64_t tips_count = 0;
  Money amount;
  Slice<SettlementShare> shares;  // one a streamer, ascending

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.delay_ms, self.first_sequence, self.last_sequence, self.last_time_ms,
          self.tips_count, self.amount, self.shares);
  }
};

}  // namespace tipgate

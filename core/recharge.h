#pragma once

#include <cstdint>
#include <type_traits>

#include "core/calendar.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"

namespace tipgate {

// The life of a recharge. Stored; never renumber.
enum class RechargeState : uint8_t {
  kRejected = 1,
  kHeld = 2,
  kCaptured = 3,
  kVoided = 4,
  kExpired = 5,
  kReturned = 6,  // captured after its expiry and refused: the money is the payer's
};

// An authorized recharge. Its id is the record that authorized it.
//
// Invariants: counts against the payer's totals exactly while it is held or captured; refunded only
// if it is in the wallet, and never more than its amount.
struct Recharge {
  RecordId id;
  PayerId payer;
  Money amount;
  RechargeState state = RechargeState::kHeld;
  Day counted_day{};  // the periods whose totals contain it
  Month counted_month{};
  int64_t expire_time_ms = 0;
  int64_t close_time_ms = 0;  // when it left kHeld for the last time, or was refunded; 0: held
  ActorName app;              // who asked for it; empty: not known
  bool is_in_wallet = false;  // captured, and added to the payer's balance (rule R14)
  Money refunded;             // of it
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.payer, self.amount, self.state, self.counted_day, self.counted_month,
          self.expire_time_ms, self.close_time_ms, self.app, self.is_in_wallet, self.refunded,
          self.changed);
  }
};

static_assert(std::is_trivially_copyable_v<Recharge>);

// Rule R12: a closed recharge is forgotten after this time: capture and void answer NOT_FOUND from
// then on. One in the wallet can still be refunded: it is found in the store.
inline constexpr int64_t kRechargeMemoryMs = int64_t{7} * 24 * 3600 * 1000;

}  // namespace tipgate

#pragma once

#include "core/check.h"
#include "core/money.h"
#include "core/tip_state.h"

namespace tipgate {

// The money of accepted tips by where it is now: each accepted fen is in exactly one of these.
struct TipSums {
  Money held;
  Money pending;
  Money frozen;
  Money settled;
  Money voided;
  Money refunded;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.held, self.pending, self.frozen, self.settled, self.voided, self.refunded);
  }

  Money accepted() const { return held + pending + frozen + settled + voided + refunded; }

  TipSums& operator+=(const TipSums& other) {
    held += other.held;
    pending += other.pending;
    frozen += other.frozen;
    settled += other.settled;
    voided += other.voided;
    refunded += other.refunded;
    return *this;
  }

  void Add(TipState state, Money amount) { Of(state) += amount; }
  void Move(TipState from, TipState to, Money amount) {
    Of(from) -= amount;
    Of(to) += amount;
    TIPGATE_CHECK(Of(from).minor() >= 0);
  }

 private:
  Money& Of(TipState state) {
    switch (state) {
      case TipState::kHeld:
        return held;
      case TipState::kPending:
        return pending;
      case TipState::kFrozen:
        return frozen;
      case TipState::kSettled:
        return settled;
      case TipState::kVoided:
        return voided;
      case TipState::kRefunded:
        return refunded;
      case TipState::kRejected:
        break;
    }
    TIPGATE_CHECK(false);
    return held;
  }
};

}  // namespace tipgate

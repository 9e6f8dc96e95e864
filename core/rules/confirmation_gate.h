#pragma once

#include "core/money.h"
#include "core/rules/limit.h"

namespace tipgate {

// Rules T18, K1: a threshold of a period's limit that a payer passes only once they have confirmed.
struct ConfirmationGate {
  Limit limit;           // the effective one
  int32_t permille = 0;  // of it; 0: there is no gate
  bool is_strict = true;

  // True if the gate refuses the amount on top of what is used. In exact thousandths: a permille is
  // at most 1,000, sums of money under a limit are at most a thousand times smaller than what fits.
  bool Refuses(Money used, Money amount) const {
    if (permille == 0) return false;
    const Money reached = is_strict ? used + amount : used;
    return reached.minor() * 1000 >= limit.amount.minor() * permille;
  }

  // The smallest whole amount at the gate.
  Money threshold() const { return Money((limit.amount.minor() * permille + 999) / 1000); }

  // The largest amount that it lets through; may be negative.
  Money Room(Money used) const {
    if (permille == 0) return kNoLimit;
    if (is_strict) return threshold() - Money(1) - used;
    return Refuses(used, Money()) ? Money() : kNoLimit;
  }
};

}  // namespace tipgate

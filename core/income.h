#pragma once

#include <cstdint>

#include "core/ids.h"
#include "core/money.h"

namespace tipgate {

// Who gets what of settled income.
struct IncomeShares {
  Money streamer;
  Money agency;
  Money platform;
};

// How the income of a tip settles: fixed when it becomes pending, whatever policies and facts say
// later.
struct IncomeTerms {
  int64_t settle_delay_ms = 0;
  int64_t remorse_ms = 0;  // the payer may take the tip back for so long
  AgencyId agency;         // of the streamer at that time; unset: none
  int16_t streamer_permille = 0;
  int16_t agency_permille = 0;  // 0 without an agency

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.settle_delay_ms, self.remorse_ms, self.agency, self.streamer_permille,
          self.agency_permille);
  }

  // The parts of an amount: rounded down to a minor unit, the remainder is the platform's.
  IncomeShares SharesOf(Money amount) const {
    IncomeShares shares;
    shares.streamer = Permille(amount, streamer_permille);
    shares.agency = Permille(amount, agency_permille);
    shares.platform = amount - shares.streamer - shares.agency;
    return shares;
  }

  // Cannot overflow: a tip is at most kUnitPriceMax x kCountMax.
  static Money Permille(Money amount, int64_t permille) {
    return Money(amount.minor() * permille / 1000);
  }
};

static_assert(kUnitPriceMax.Times(kCountMax)->Times(1000).has_value());

}  // namespace tipgate

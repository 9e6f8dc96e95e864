// The balance that recharges fill and tips spend, where the policy says `wallet: managed` (T20,
// rules.md 7).
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// Recharges less their refunds, less what remains of tips: summed over the whole history.
int64_t WalletBalance(const World& world, int64_t payer_id);

// T20. Only where the wallet is managed.
void InsufficientBalance(const World& world, int64_t payer_id, int64_t amount,
                         Violations& violations);

}  // namespace tipgate::oracle

#include "tests/oracle/wallet.h"

#include "tests/oracle/invariant.h"
#include "tests/oracle/tip_life.h"

namespace tipgate::oracle {

int64_t WalletBalance(const World& world, int64_t payer_id) {
  int64_t balance = 0;
  const auto recharges = world.recharges_of_payer.find(payer_id);
  if (recharges != world.recharges_of_payer.end()) {
    for (const int64_t recharge_id : recharges->second) {
      const Recharge& recharge = world.recharges.at(recharge_id);
      if (recharge.adds_to_wallet) balance += recharge.amount - recharge.refunded;
    }
  }
  const auto tips = world.tips_of_payer.find(payer_id);
  if (tips != world.tips_of_payer.end()) {
    for (const std::size_t place : tips->second) {
      const Tip& tip = world.tips[place];
      if (tip.is_paid_from_wallet) balance -= RemainingAmount(tip);
    }
  }
  Require(balance >= 0, "no more is spent than was recharged");
  return balance;
}

void InsufficientBalance(const World& world, int64_t payer_id, int64_t amount,
                         Violations& violations) {
  if (!world.policy->wallet_managed) return;
  const int64_t balance = WalletBalance(world, payer_id);
  if (amount <= balance) return;
  violations.push_back({.code = Code::kInsufficientBalance, .limit = balance, .requested = amount});
}

}  // namespace tipgate::oracle

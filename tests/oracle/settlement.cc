#include "tests/oracle/settlement.h"

#include <algorithm>

#include "tests/oracle/facts.h"

namespace tipgate::oracle {

int64_t SettleDelay(const World& world, int64_t session_id, int64_t amount) {
  int64_t delay_ms = SessionTier(world, world.sessions.at(session_id)).settle_delay_ms;
  for (const SettleDelayClass& delay_class : world.policy->settle_delays) {
    if (amount >= delay_class.min_amount) {
      delay_ms = std::max(delay_ms, delay_class.settle_delay_ms);
    }
  }
  return delay_ms;
}

void SettleDue(World& world, int64_t now_ms) {
  for (Tip& tip : world.tips) {
    if (tip.state == TipState::kPending && tip.settle_time_ms <= now_ms) {
      tip.state = TipState::kSettled;
    }
  }
}

}  // namespace tipgate::oracle

#include "tests/oracle/settlement.h"

#include <algorithm>
#include <vector>

#include "tests/oracle/facts.h"
#include "tests/oracle/invariant.h"
#include "tests/oracle/tip_life.h"

namespace tipgate::oracle {
namespace {

int64_t RefundedAfterSettlement(const Tip& tip) {
  int64_t sum = 0;
  for (const Refund& refund : tip.refunds) {
    if (refund.is_after_settlement) sum += refund.amount;
  }
  return sum;
}

}  // namespace

// Splits what is left of the tip; the remainder of the rounding is the platform's. What is owed is
// kept back.
void SettleTip(World& world, Tip& tip) {
  const int64_t net = RemainingAmount(tip);
  tip.streamer_share = ShareOf(net, tip.shares.streamer_permille);
  tip.agency_share = tip.agency_id == 0 ? 0 : ShareOf(net, tip.shares.agency_permille);
  tip.platform_share = net - tip.streamer_share - tip.agency_share;
  Require(tip.platform_share >= 0, "the shares are not more than the income");
  tip.streamer_netted =
      std::min(tip.streamer_share, StreamerReceivable(world, tip.request.streamer_id));
  tip.agency_netted =
      tip.agency_id == 0 ? 0 : std::min(tip.agency_share, AgencyReceivable(world, tip.agency_id));
  tip.state = TipState::kSettled;
  RequireAddsUp(tip);
}

int64_t SettleDelay(const World& world, int64_t session_id, int64_t amount) {
  const Session& session = world.sessions.at(session_id);
  int64_t delay_ms = 0;
  if (const TierPolicy* tier = SessionTier(world, session)) {
    delay_ms = tier->settle_delay_ms;
  } else {
    for (const TierPolicy& other : world.policy->tiers) {
      delay_ms = std::max(delay_ms, other.settle_delay_ms);
    }
  }
  for (const SettleDelayClass& delay_class : world.policy->settle_delays) {
    if (amount >= delay_class.min_amount) {
      delay_ms = std::max(delay_ms, delay_class.settle_delay_ms);
    }
  }
  const auto manual = world.manual_delays_ms.find(session.streamer_id);
  if (manual != world.manual_delays_ms.end()) delay_ms = std::max(delay_ms, manual->second);
  return delay_ms;
}

void SettleDue(World& world, int64_t now_ms) {
  std::vector<Tip*> due;
  for (Tip& tip : world.tips) {
    if (tip.state == TipState::kPending && tip.settle_time_ms <= now_ms) due.push_back(&tip);
  }
  std::stable_sort(due.begin(), due.end(), [](const Tip* left, const Tip* right) {
    return left->settle_time_ms < right->settle_time_ms;
  });
  for (Tip* tip : due) SettleTip(world, *tip);
}

int64_t ShareOf(int64_t amount, int64_t permille) { return amount * permille / 1000; }

// Rule L10.
int64_t StreamerReceivable(const World& world, int64_t streamer_id) {
  int64_t sum = 0;
  for (const Tip& tip : world.tips) {
    if (tip.request.streamer_id != streamer_id) continue;
    sum += ShareOf(RefundedAfterSettlement(tip), tip.shares.streamer_permille);
    sum -= tip.streamer_netted;
  }
  Require(sum >= 0, "no more is kept than is owed");
  return sum;
}

int64_t StreamerIncome(const World& world, int64_t streamer_id) {
  int64_t sum = 0;
  for (const Tip& tip : world.tips) {
    if (tip.request.streamer_id == streamer_id) sum += tip.streamer_share - tip.streamer_netted;
  }
  return sum;
}

int64_t AgencyIncome(const World& world, int64_t agency_id) {
  int64_t sum = 0;
  for (const Tip& tip : world.tips) {
    if (tip.agency_id == agency_id) sum += tip.agency_share - tip.agency_netted;
  }
  return sum;
}

int64_t AgencyReceivable(const World& world, int64_t agency_id) {
  int64_t sum = 0;
  for (const Tip& tip : world.tips) {
    if (tip.agency_id != agency_id) continue;
    sum += ShareOf(RefundedAfterSettlement(tip), tip.shares.agency_permille);
    sum -= tip.agency_netted;
  }
  Require(sum >= 0, "no more is kept than is owed");
  return sum;
}

void AddRefund(Tip& tip, int64_t amount) {
  tip.refunds.push_back({amount, tip.state == TipState::kSettled});
  if (RemainingAmount(tip) == 0) tip.state = TipState::kRefunded;
  RequireAddsUp(tip);
}

}  // namespace tipgate::oracle

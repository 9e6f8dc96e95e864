#include "tests/oracle/tip_life.h"

#include "tests/oracle/cooling_off.h"
#include "tests/oracle/invariant.h"
#include "tests/oracle/settlement.h"

namespace tipgate::oracle {

int64_t RefundedAmount(const Tip& tip) {
  int64_t sum = 0;
  for (const Refund& refund : tip.refunds) sum += refund.amount;
  return sum;
}

int64_t RemainingAmount(const Tip& tip) { return tip.amount - tip.released - RefundedAmount(tip); }

// Rule L6.
void ReleaseAmount(World& world, Tip& tip, int64_t amount) {
  if (world.policy->void_restores_headroom) ComeBackToWindow(world, tip);
  tip.released += amount;
  if (!world.policy->void_restores_headroom) tip.released_but_counted += amount;
  if (RemainingAmount(tip) == 0) tip.state = TipState::kVoided;
  RequireAddsUp(tip);
}

// Rules L11, L2.
void MakePending(const World& world, Tip& tip, int64_t now_ms) {
  const Streamer& streamer = world.streamers.at(tip.request.streamer_id);
  tip.state = TipState::kPending;
  tip.settle_time_ms = now_ms + SettleDelay(world, tip.request.session_id, RemainingAmount(tip));
  tip.remorse_end_ms = now_ms + world.policy->remorse_window_ms;
  tip.shares = world.policy->shares;
  tip.agency_id = streamer.facts.agency_id;
  RequireAddsUp(tip);
}

// Rule L3.
void ExpireHeldTips(World& world, int64_t now_ms) {
  for (Tip& tip : world.tips) {
    if (tip.state == TipState::kHeld && tip.expire_time_ms <= now_ms) {
      ReleaseAmount(world, tip, RemainingAmount(tip));
    }
  }
}

void RequireAddsUp(const Tip& tip) {
  Require(tip.state != TipState::kNone && tip.state != TipState::kRejected,
          "a tip in the history was accepted");
  Require(RemainingAmount(tip) >= 0, "refunds and releases are not more than the amount");
  const bool is_over = tip.state == TipState::kVoided || tip.state == TipState::kRefunded;
  Require(is_over == (RemainingAmount(tip) == 0), "what is over has nothing left, and only that");
  Require((tip.state == TipState::kFrozen) == !tip.freeze_cases.empty() || is_over,
          "a tip is frozen as long as a case freezes it");
}

}  // namespace tipgate::oracle

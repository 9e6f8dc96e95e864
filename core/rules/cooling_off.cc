#include "core/rules/cooling_off.h"

namespace tipgate {
namespace {

bool WindowIsFull(const CoolingOffPolicy& policy, const RecentTips* recent, Money amount,
                  int64_t now_ms) {
  if (policy.window_ms == 0) return false;
  const WindowSum before =
      recent == nullptr ? WindowSum() : recent->Within(now_ms, policy.window_ms);
  if (before.count + 1 >= policy.window_count_min) return true;
  return before.sum + amount >= policy.window_sum_min;
}

bool IsCoolingOff(const PayerControls* controls, int64_t now_ms) {
  return controls != nullptr && now_ms < controls->cooling_off_end_ms;
}

}  // namespace

int64_t CoolingOffEndMs(const CoolingOffPolicy& policy, const RecentTips* recent, Money amount,
                        int64_t now_ms) {
  const bool begins = amount >= policy.single_min || WindowIsFull(policy, recent, amount, now_ms);
  return begins ? now_ms + policy.duration_ms : 0;
}

bool RefusesTips(const CoolingOffPolicy& policy, const PayerControls* controls, int64_t now_ms) {
  return policy.hold_ms == 0 && IsCoolingOff(controls, now_ms);
}

bool HoldsTips(const CoolingOffPolicy& policy, const PayerControls* controls, int64_t now_ms) {
  return policy.hold_ms != 0 && IsCoolingOff(controls, now_ms);
}

}  // namespace tipgate

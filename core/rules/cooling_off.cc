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

}  // namespace

int64_t CoolingOffEndMs(const CoolingOffPolicy& policy, const RecentTips* recent, Money amount,
                        int64_t now_ms) {
  const bool begins = amount >= policy.single_min || WindowIsFull(policy, recent, amount, now_ms);
  return begins ? now_ms + policy.duration_ms : 0;
}

}  // namespace tipgate

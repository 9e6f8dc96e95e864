#include "core/recent_tips.h"

#include <algorithm>

namespace tipgate {
namespace {

// Modulo 2^32 ms, about 49 days: nothing here is older than two windows when it is asked for.
static_assert(2 * kCoolingOffWindowMaxMs < std::numeric_limits<uint32_t>::max());
int64_t AgeMs(const RecentTip& tip, int64_t now_ms) {
  return static_cast<uint32_t>(static_cast<uint32_t>(now_ms) - tip.time_ms);
}

RecentTip MakeRecentTip(int64_t time_ms, Money amount) {
  return {.time_ms = static_cast<uint32_t>(time_ms),
          .amount = static_cast<uint32_t>(std::min(amount, kCoolingOffSumMax).minor())};
}

}  // namespace

void RecentTips::Add(int64_t time_ms, Money amount) {
  if (time_ms - newest_ms >= kCoolingOffWindowMaxMs) tips.Clear();
  size_t old_count = 0;
  while (old_count < tips.size() && AgeMs(tips[old_count], time_ms) >= kCoolingOffWindowMaxMs) {
    ++old_count;
  }
  if (old_count == 0 && tips.size() == tips.kSizeMax) old_count = 1;
  tips.EraseFront(old_count);
  tips.PushBack(MakeRecentTip(time_ms, amount));
  newest_ms = time_ms;
}

void RecentTips::Lower(int64_t time_ms, Money before, Money after) {
  // Of the same time and amount one is as good as another.
  const auto found = std::find(tips.begin(), tips.end(), MakeRecentTip(time_ms, before));
  if (found == tips.end()) return;
  const auto index = static_cast<size_t>(found - tips.begin());
  if (after == Money()) {
    tips.Erase(index);
  } else {
    tips.Set(index, MakeRecentTip(time_ms, after));
  }
}

WindowSum RecentTips::Within(int64_t now_ms, int64_t window_ms) const {
  WindowSum within;
  if (now_ms - newest_ms >= window_ms) return within;
  for (size_t i = tips.size(); i > 0 && AgeMs(tips[i - 1], now_ms) < window_ms; --i) {
    ++within.count;
    within.sum += Money(tips[i - 1].amount);
  }
  return within;
}

}  // namespace tipgate

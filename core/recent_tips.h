#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/ids.h"
#include "core/inline_list.h"
#include "core/money.h"

namespace tipgate {

// The longest window of rule T15, and the most tips that its count may ask for.
inline constexpr int64_t kCoolingOffWindowMaxMs = 3'600'000;
inline constexpr int32_t kCoolingOffCountMax = 64;
// The highest sum that it may ask for; amounts are remembered up to this.
inline constexpr Money kCoolingOffSumMax{std::numeric_limits<uint32_t>::max()};

struct RecentTip {
  uint32_t time_ms = 0;  // the low bits
  uint32_t amount = 0;   // at most kCoolingOffSumMax

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.time_ms, self.amount);
  }

  friend bool operator==(const RecentTip&, const RecentTip&) = default;
};

// What a payer has tipped in a window that ends now.
struct WindowSum {
  int32_t count = 0;
  Money sum;
};

// The last accepted tips of one payer, for the trailing windows of rule T15.
//
// Exact although it forgets: who has made kCoolingOffCountMax tips within a window has reached
// every count that a policy may ask for (a policy with a window has one), so their sum no longer
// matters. A window never reaches further back than that many tips: when one of them is voided,
// none that was forgotten before comes back.
struct RecentTips {
  PayerId id;
  int64_t newest_ms = 0;
  RecordId changed;
  bool is_dirty = false;                            // not stored
  InlineList<RecentTip, kCoolingOffCountMax> tips;  // the oldest first

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.newest_ms, self.tips, self.changed);
  }

  // Adds a tip; drops what no window will reach any more.
  void Add(int64_t time_ms, Money amount);

  // Makes of a tip of that time and amount one of a lower amount; of 0: takes it out. Does nothing
  // if it is forgotten.
  void Lower(int64_t time_ms, Money before, Money after);

  // Rule O2: those of the last `window_ms`; one that is exactly as old is out.
  WindowSum Within(int64_t now_ms, int64_t window_ms) const;
};

static_assert(std::is_trivially_copyable_v<RecentTips>);

}  // namespace tipgate

#include "core/totals.h"

#include <algorithm>

namespace tipgate {

const SettleCursor* Totals::FindCursor(int64_t delay_ms) const {
  return const_cast<Totals*>(this)->FindCursor(delay_ms);
}

SettleCursor* Totals::FindCursor(int64_t delay_ms) {
  const auto it = std::find_if(cursors.begin(), cursors.end(), [&](const SettleCursor& cursor) {
    return cursor.delay_ms == delay_ms;
  });
  return it == cursors.end() ? nullptr : &*it;
}

}  // namespace tipgate

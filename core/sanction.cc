#include "core/sanction.h"

#include <algorithm>

namespace tipgate {

const Sanction* StreamerSanctions::FindInForce(RecordId sanction, int64_t now_ms) const {
  const auto it = std::find_if(sanctions.begin(), sanctions.end(),
                               [&](const Sanction& other) { return other.id == sanction; });
  return it == sanctions.end() || it->is_over(now_ms) ? nullptr : &*it;
}

size_t StreamerSanctions::CountInForce(int64_t now_ms) const {
  return static_cast<size_t>(
      std::count_if(sanctions.begin(), sanctions.end(),
                    [&](const Sanction& sanction) { return !sanction.is_over(now_ms); }));
}

// Rule X3.
int64_t StreamerSanctions::SuspendedUntilMs(RecordId lifted, int64_t now_ms) const {
  int64_t until_ms = 0;
  for (const Sanction& sanction : sanctions) {
    if (sanction.id == lifted || sanction.is_over(now_ms)) continue;
    if (sanction.suspends_receiving()) until_ms = std::max(until_ms, sanction.resume_time_ms);
  }
  return until_ms;
}

void StreamerSanctions::Erase(RecordId lifted, int64_t now_ms) {
  const auto is_gone = [&](const Sanction& sanction) {
    return sanction.id == lifted || sanction.is_over(now_ms);
  };
  sanctions.erase(std::remove_if(sanctions.begin(), sanctions.end(), is_gone), sanctions.end());
}

}  // namespace tipgate

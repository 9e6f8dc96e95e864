#include "tests/oracle/search.h"

#include <algorithm>

#include "tests/oracle/invariant.h"

namespace tipgate::oracle {

int64_t LargestPassing(int64_t amount_max, const std::function<bool(int64_t)>& passes) {
  if (amount_max < 1 || !passes(1)) return 0;
  if (passes(amount_max)) return amount_max;
  int64_t passing = 1;
  int64_t refused = amount_max;
  while (refused - passing > 1) {
    const int64_t middle = passing + (refused - passing) / 2;
    (passes(middle) ? passing : refused) = middle;
  }
  return passing;
}

std::optional<int64_t> FirstCure(int64_t now_ms, std::vector<int64_t> times_ms,
                                 const std::function<bool(int64_t)>& refuses_at) {
  std::sort(times_ms.begin(), times_ms.end());
  for (const int64_t time_ms : times_ms) {
    if (time_ms > now_ms && !refuses_at(time_ms)) return time_ms;
  }
  return std::nullopt;
}

std::optional<int64_t> RetryTime(int64_t now_ms,
                                 const std::function<Violations(int64_t)>& violations_at) {
  int64_t time_ms = now_ms;
  for (Violations violations = violations_at(time_ms); !violations.empty();
       violations = violations_at(time_ms)) {
    int64_t latest_ms = time_ms;
    for (const Violation& violation : violations) {
      if (!violation.retry_time_ms) return std::nullopt;
      latest_ms = std::max(latest_ms, *violation.retry_time_ms);
    }
    Require(latest_ms > time_ms, "a violation is not cured before it stands");
    time_ms = latest_ms;
  }
  if (time_ms == now_ms) return std::nullopt;
  return time_ms;
}

}  // namespace tipgate::oracle

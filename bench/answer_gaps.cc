#include "bench/answer_gaps.h"

#include <algorithm>

namespace tipgate {

void AnswerGaps::NoteAnswer(int64_t intended_ns, int64_t now_ns) {
  const int64_t gap_ns = now_ns - std::max(last_answer_ns_.exchange(now_ns), intended_ns);
  if (gap_ns > kStallNs) ++stall_count_;
  int64_t longest_ns = longest_ns_;
  while (gap_ns > longest_ns && !longest_ns_.compare_exchange_weak(longest_ns, gap_ns)) {
  }
}

}  // namespace tipgate

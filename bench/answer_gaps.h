#pragma once

#include <atomic>
#include <cstdint>

namespace tipgate {

// The silences of a server: from one answer to the next, whichever worker it goes to. A server
// that was asked nothing is not silent: a gap begins no earlier than the message was meant to be
// sent whose answer ends it. Thread-safe.
class AnswerGaps {
 public:
  static constexpr int64_t kStallNs = 50'000'000;

  explicit AnswerGaps(int64_t start_ns) : last_answer_ns_(start_ns) {}

  void NoteAnswer(int64_t intended_ns, int64_t now_ns);

  // Gaps longer than kStallNs.
  int64_t stall_count() const { return stall_count_; }
  int64_t longest_ns() const { return longest_ns_; }

 private:
  std::atomic<int64_t> last_answer_ns_;
  std::atomic<int64_t> stall_count_{0};
  std::atomic<int64_t> longest_ns_{0};
};

}  // namespace tipgate

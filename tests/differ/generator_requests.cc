// Draws single requests, for who takes the other steps themselves.
#include <algorithm>
#include <iterator>
#include <optional>

#include "tests/differ/generator.h"

namespace tipgate::differ {

OperationPtr Generator::NextRequest(const Observations& observations, int64_t now_ms) {
  observations_ = &observations;
  now_ms_ = now_ms;
  steps_count_ = std::max(steps_count_, 1) + 1;  // gifts are there: they would be the first step
  NoteSessions();
  OperationPtr operation = DrawOpening();
  if (operation != nullptr && operation->requests_count() > 0) return operation;
  operation = DrawCure();
  return operation != nullptr ? operation : DrawOneOf(/*requests_only=*/true);
}

// What has become of the sessions that were to be opened.
void Generator::NoteSessions() {
  // As long as there is no answer.
  constexpr int64_t kGuessMs = oracle::kMinuteMs;
  for (auto it = opening_.begin(); it != opening_.end();) {
    const auto& [streamer_id, session_id] = *it;
    const std::optional<int64_t> end_ms = observations_->EndOfSession(session_id);
    if (end_ms != 0) {
      open_sessions_[streamer_id] = {session_id, end_ms.value_or(now_ms_ + kGuessMs)};
    } else if (const auto open = open_sessions_.find(streamer_id);
               open != open_sessions_.end() && open->second.id == session_id) {
      open_sessions_.erase(open);
    }
    it = end_ms.has_value() ? opening_.erase(it) : std::next(it);
  }
}

}  // namespace tipgate::differ

#include "server/settler.h"

#include <utility>
#include <variant>

#include "absl/time/time.h"
#include "server/run_command.h"
#include "server/thread.h"

namespace tipgate {
namespace {

// How often it looks for what has become due; so income settles at most this much late, never
// early.
constexpr absl::Duration kRoundInterval = absl::Milliseconds(100);
// A settlement takes no further entry once it has this many tips.
constexpr int64_t kTipsMax = 4'096;
// Entries that one delay may read in a round, so that the others and a drain need not wait.
constexpr int kEntriesMax = 1'000;
// A cursor without tips is moved on after so many entries: an order to freeze looks from the last
// cursor on.
constexpr int64_t kIdleEntriesMax = 100'000;

}  // namespace

Settler::~Settler() { TIPGATE_CHECK(!thread_.joinable()); }

void Settler::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Settler::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  thread_.join();
}

void Settler::Run() {
  NameThread("settler");
  bool is_behind = false;
  while (WaitForNextRound(is_behind ? absl::ZeroDuration() : kRoundInterval)) {
    is_behind = Step();
  }
}

// False once it is to stop.
bool Settler::WaitForNextRound(absl::Duration interval) {
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&is_stopping_), interval);
}

bool Settler::Step() {
  Command visit = HistoryVisit();
  if (RunCommand(&pipeline_, &visit).has_value()) return false;  // overloaded: in the next round
  if (std::get<HistoryVisit>(visit).is_freezing) return false;
  bool is_behind = false;
  for (const SettleCursor& cursor : std::get<HistoryVisit>(visit).cursors) {
    is_behind |= SettleDelay(cursor);
  }
  return is_behind;
}

// True if the bounds of one round ended it.
bool Settler::SettleDelay(const SettleCursor& cursor) {
  Follower& follower = FollowerOf(cursor);
  const int64_t now_ms = clock_.WallNs() / kNanosPerMilli;
  bool is_due = true;
  for (int i = 0; i < kEntriesMax && follower.due.tips_count() < kTipsMax; ++i) {
    is_due = FillNext(&follower) && follower.next.moment.time_ms + cursor.delay_ms <= now_ms;
    if (!is_due) break;
    follower.due.Add(follower.next);
    follower.has_next = false;
  }
  if (follower.due.tips_count() == 0 && follower.due.entries_count() < kIdleEntriesMax) {
    return is_due;
  }
  Command command = follower.due.Finish();
  const bool is_taken = !RunCommand(&pipeline_, &command).has_value();
  followers_.erase(
      cursor.delay_ms);  // taken or not, the next round starts where the cursor is then
  return is_due && is_taken;
}

Settler::Follower& Settler::FollowerOf(const SettleCursor& cursor) {
  const int64_t first_sequence = cursor.last_sequence + 1;
  const auto it = followers_.find(cursor.delay_ms);
  if (it != followers_.end()) return it->second;
  return followers_
      .emplace(cursor.delay_ms,
               Follower{.reader = journal_.ReadFrom(first_sequence),
                        .due = SettlementCollector(cursor.delay_ms, first_sequence),
                        .next = Entry(),
                        .has_next = false})
      .first->second;
}

// True if `next` holds an entry.
bool Settler::FillNext(Follower* follower) {
  if (follower->has_next) return true;
  const absl::StatusOr<bool> has_entry = follower->reader->Next(&follower->next);
  if (!has_entry.ok()) fail_stop_(has_entry.status());
  follower->has_next = *has_entry;
  return follower->has_next;
}

}  // namespace tipgate

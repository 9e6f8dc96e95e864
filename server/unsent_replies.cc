#include "server/unsent_replies.h"

namespace tipgate {

bool UnsentReplies::HasRoom(absl::Time now) {
  if (!IsFull()) return true;
  options_.refusals->Add(1);
  absl::MutexLock lock(&mutex_);
  while (!waiting_.empty() && now - waiting_.front().since >= kUnsentTimeMax) {
    waiting_.front().is_given_up = true;
    waiting_.front().call->GiveUp();
    given_up_.splice(given_up_.end(), waiting_, waiting_.begin());
  }
  return false;
}

UnsentReplies::Place UnsentReplies::Add(Call* call, int64_t reply_bytes, absl::Time now) {
  const int64_t bytes = kUnsentCallBytes + reply_bytes;
  options_.bytes->fetch_add(bytes);
  absl::MutexLock lock(&mutex_);
  return waiting_.insert(waiting_.end(),
                         {.call = call, .bytes = bytes, .since = now, .is_given_up = false});
}

void UnsentReplies::Remove(Place place) {
  options_.bytes->fetch_sub(place->bytes);
  absl::MutexLock lock(&mutex_);
  (place->is_given_up ? given_up_ : waiting_).erase(place);
}

}  // namespace tipgate

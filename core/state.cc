#include "core/state.h"

#include <algorithm>
#include <functional>

#include "core/fingerprint.h"

namespace tipgate {
namespace {

template <typename IdType, typename T>
void LoadTable(const std::vector<T>& stored, Table<IdType, T>* table) {
  for (const T& entity : stored) {
    T& loaded = table->FindOrInsert(entity.id);
    loaded = entity;
    loaded.is_dirty = false;
  }
}

template <typename IdType, typename T>
void AddFingerprints(const Table<IdType, T>& table, Hash128* sum) {
  table.ForEach([&](const T& entity) { *sum += FingerprintOf(entity); });
}

}  // namespace

bool IsForgotten(const Recharge& recharge, int64_t now_ms) {
  return recharge.state != RechargeState::kHeld &&
         recharge.close_time_ms + kRechargeMemoryMs <= now_ms;
}

void State::Load(const StoredState& stored) {
  TIPGATE_CHECK(payers.size() == 0);
  LoadTable(stored.payers, &payers);
  LoadTable(stored.streamers, &streamers);
  LoadTable(stored.sessions, &sessions);
  LoadTable(stored.recharges, &recharges);
  totals = stored.totals;
  recharges.ForEach([&](const Recharge& recharge) {
    const bool is_held = recharge.state == RechargeState::kHeld;
    PushExpiry(is_held ? recharge.expire_time_ms : recharge.close_time_ms + kRechargeMemoryMs,
               recharge.id);
  });
}

void State::PushExpiry(int64_t time_ms, RecordId recharge) {
  expiries_.emplace_back(time_ms, recharge);
  std::push_heap(expiries_.begin(), expiries_.end(), std::greater<>());
}

RecordId State::DueExpiry(int64_t now_ms) const {
  return NextExpiryMs() <= now_ms ? expiries_.front().second : RecordId();
}

void State::PopExpiry() {
  std::pop_heap(expiries_.begin(), expiries_.end(), std::greater<>());
  expiries_.pop_back();
}

int64_t State::NextExpiryMs() const {
  return expiries_.empty() ? INT64_MAX : expiries_.front().first;
}

void State::Forget(RecordId recharge) {
  recharges.Erase(recharge);
  forgotten_.push_back(recharge);
}

void State::BeginCheckpoint(int64_t sequence) {
  payers.BeginCheckpoint();
  streamers.BeginCheckpoint();
  sessions.BeginCheckpoint();
  recharges.BeginCheckpoint();
  checkpoint_sequence_ = sequence;
}

bool State::CopyCheckpoint(size_t count_max, StateImage* image) {
  const bool has_more = payers.CopyCheckpoint(count_max, &image->payers) ||
                        streamers.CopyCheckpoint(count_max, &image->streamers) ||
                        sessions.CopyCheckpoint(count_max, &image->sessions) ||
                        recharges.CopyCheckpoint(count_max, &image->recharges);
  if (has_more) return true;
  image->forgotten_recharges.swap(forgotten_);
  image->totals = totals;
  image->complete_sequence = checkpoint_sequence_;
  return false;
}

Hash128 State::Fingerprint(int64_t now_ms) const {
  Hash128 sum = FingerprintOf(totals);
  AddFingerprints(payers, &sum);
  AddFingerprints(streamers, &sum);
  AddFingerprints(sessions, &sum);
  recharges.ForEach([&](const Recharge& recharge) {
    if (!IsForgotten(recharge, now_ms)) sum += FingerprintOf(recharge);
  });
  if (policy != nullptr) sum += FingerprintOf(*policy);
  if (catalog != nullptr) {
    for (const Gift& gift : catalog->gifts()) sum += FingerprintOf(gift);
  }
  return sum;
}

}  // namespace tipgate

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

template <typename IdType, typename T>
void AddFingerprintsOfKnown(const Table<IdType, T>& table, int64_t now_ms, Hash128* sum) {
  table.ForEach([&](const T& entity) {
    if (!IsForgotten(entity, now_ms)) *sum += FingerprintOf(entity);
  });
}

}  // namespace

bool IsForgotten(const Recharge& recharge, int64_t now_ms) {
  return recharge.state != RechargeState::kHeld && DueOf(recharge).time_ms <= now_ms;
}

bool IsForgotten(const RecentTips& recent, int64_t now_ms) {
  return DueOf(recent).time_ms <= now_ms;
}

bool IsForgotten(const Session& session, int64_t now_ms) {
  return !session.is_open() && DueOf(session).time_ms <= now_ms;
}

Due DueOf(const Recharge& recharge) {
  const bool is_held = recharge.state == RechargeState::kHeld;
  return {.time_ms = is_held ? recharge.expire_time_ms : recharge.close_time_ms + kRechargeMemoryMs,
          .kind = DueKind::kRecharge,
          .id = recharge.id.value()};
}

Due DueOf(const RecentTips& recent) {
  return {.time_ms = recent.newest_ms + kCoolingOffWindowMaxMs,
          .kind = DueKind::kRecentTips,
          .id = recent.id.value()};
}

Due DueOf(const Proposal& proposal) {
  TIPGATE_CHECK(proposal.state == ProposalState::kApproved);
  return {
      .time_ms = proposal.effective_time_ms, .kind = DueKind::kPolicy, .id = proposal.id.value()};
}

Due DueOf(const Tip& tip) {
  const int64_t rest_ms = std::max(tip.change_time_ms, tip.settle_time_ms);
  return {.time_ms = tip.state == TipState::kHeld ? tip.expire_time_ms : rest_ms + kTipMemoryMs,
          .kind = DueKind::kTip,
          .id = tip.id.value()};
}

Due DueOf(const IncomeJob& job) {
  return {.time_ms = job.done_time_ms + kIncomeJobMemoryMs,
          .kind = DueKind::kIncomeJob,
          .id = job.id.value()};
}

bool IsForgotten(const Tip& tip, const Totals& totals, int64_t now_ms) {
  const TipState state = StateOf(tip, totals);
  const bool is_at_rest =
      state == TipState::kSettled || state == TipState::kVoided || state == TipState::kRefunded;
  return is_at_rest && !IsException(tip, totals) && DueOf(tip).time_ms <= now_ms;
}

bool IsForgotten(const IncomeJob& job, int64_t now_ms) {
  return job.is_done() && job.frozen_count == 0 && DueOf(job).time_ms <= now_ms;
}

Due DueOf(const Session& session) {
  TIPGATE_CHECK(!session.is_open());
  return {.time_ms = session.close_time_ms + kSessionMemoryMs,
          .kind = DueKind::kSession,
          .id = session.id.value()};
}

void State::Load(const StoredState& stored) {
  TIPGATE_CHECK(payers_count() == 0);
  LoadTable(stored.controls, &controls);
  LoadTable(stored.recent_tips, &recent_tips);
  LoadTable(stored.streamers, &streamers);
  LoadTable(stored.sanctions, &sanctions);
  LoadTable(stored.sessions, &sessions);
  LoadTable(stored.recharges, &recharges);
  LoadTable(stored.tips, &tips);
  LoadTable(stored.agencies, &agencies);
  LoadTable(stored.income_jobs, &income_jobs);
  totals = stored.totals;
  stops = stored.stops;
  policies = stored.policies;
  policies.NoteNextActivation();
  for (const Proposal& proposal : policies.proposals) {
    if (proposal.state == ProposalState::kApproved) PushDue(DueOf(proposal));
  }
  recharges.ForEach([&](const Recharge& recharge) {
    PushDue(DueOf(recharge));
    if (recharge.state == RechargeState::kHeld) AddHold(recharge.payer);
  });
  recent_tips.ForEach([&](const RecentTips& recent) { PushDue(DueOf(recent)); });
  sessions.ForEach([&](const Session& session) {
    if (!session.is_open()) PushDue(DueOf(session));
  });
  tips.ForEach([&](const Tip& tip) {
    AddToLists(tip);
    PushDue(DueOf(tip));
  });
  income_jobs.ForEach([&](const IncomeJob& job) {
    if (job.is_done()) {
      PushDue(DueOf(job));
    } else {
      open_jobs.insert(job.id);
    }
  });
}

void State::LoadPayers(absl::Span<const Payer> stored, int64_t resident_max) {
  constexpr size_t kPrefetchDistance = 12;
  for (size_t i = 0; i < stored.size(); ++i) {
    if (i + kPrefetchDistance < stored.size()) {
      payers.PrefetchIndex(stored[i + kPrefetchDistance].id);
    }
    const Payer& payer = stored[i];
    if (static_cast<int64_t>(payers.size()) < resident_max || HasHolds(payer.id)) {
      Payer& loaded = payers.FindOrInsert(payer.id);
      loaded = Completed(payer);
    } else {
      ++cold_payers_count_;
      cold_payers_sum_ += FingerprintOf(Completed(payer));
    }
  }
}

void State::Evict(PayerId id) {
  const Payer* const payer = payers.Find(id);
  TIPGATE_CHECK(payer != nullptr);
  TIPGATE_CHECK(!payer->is_dirty);
  TIPGATE_CHECK(!HasHolds(id));
  ++cold_payers_count_;
  cold_payers_sum_ += FingerprintOf(*payer);
  payers.Erase(id);
}

void State::Admit(const Payer& stored) {
  const size_t size_before = payers.size();
  Payer& payer = payers.FindOrInsert(stored.id);
  TIPGATE_CHECK(payers.size() == size_before + 1);
  payer = Completed(stored);
  --cold_payers_count_;
  cold_payers_sum_ -= FingerprintOf(payer);
  TIPGATE_CHECK(cold_payers_count_ >= 0);
}

// Having controls does not count as a change of the payer, so they may have left the memory before
// that was stored. All controls are in memory.
Payer State::Completed(const Payer& stored) const {
  Payer payer = stored;
  payer.is_dirty = false;
  payer.has_controls = payer.has_controls || controls.Find(payer.id) != nullptr;
  return payer;
}

bool State::IsKnownAbsent(PayerId id) const {
  return std::binary_search(absent_payers_.begin(), absent_payers_.end(), id);
}

void State::RemoveHold(PayerId payer) {
  const auto it = holds_.find(payer);
  TIPGATE_CHECK(it != holds_.end());
  if (--it->second == 0) holds_.erase(it);
}

void State::RemoveFromLists(const Tip& tip) {
  if (tip.state == TipState::kHeld) RemoveHold(tip.payer);
  exceptions.erase({.delay_ms = tip.due_delay_ms, .due = tip.due, .tip = tip.id});
  frozen_tips.erase(tip.id);
}

void State::AddToLists(const Tip& tip) {
  if (tip.state == TipState::kHeld) AddHold(tip.payer);
  if (IsException(tip, totals)) {
    exceptions.insert({.delay_ms = tip.due_delay_ms, .due = tip.due, .tip = tip.id});
  }
  if (tip.state == TipState::kFrozen) frozen_tips.insert(tip.id);
}

void State::ForgetExceptions(const SettleCursor& cursor) {
  const auto begin = exceptions.lower_bound({.delay_ms = cursor.delay_ms, .due = {}, .tip = {}});
  const auto end = exceptions.lower_bound(
      {.delay_ms = cursor.delay_ms, .due = RecordId(cursor.last_sequence + 1, 0), .tip = {}});
  exceptions.erase(begin, end);
}

void State::PushDue(const Due& due) {
  dues_.push_back(due);
  std::push_heap(dues_.begin(), dues_.end(), std::greater<>());
}

const Due* State::NextDue(int64_t now_ms) const {
  return NextDueMs() <= now_ms ? &dues_.front() : nullptr;
}

void State::PopDue() {
  std::pop_heap(dues_.begin(), dues_.end(), std::greater<>());
  dues_.pop_back();
}

int64_t State::NextDueMs() const { return dues_.empty() ? INT64_MAX : dues_.front().time_ms; }

void State::Forget(const Recharge& recharge) {
  forgotten_recharges_.push_back(recharge);
  recharges.Erase(recharge.id);
}

void State::Forget(const Session& session) {
  forgotten_sessions_.push_back(session);
  sessions.Erase(session.id);
}

void State::Forget(const RecentTips& recent) {
  forgotten_recent_tips_.push_back(recent.id);
  recent_tips.Erase(recent.id);
}

void State::Forget(const Tip& tip) {
  forgotten_tips_.push_back(tip);
  tips.Erase(tip.id);
}

void State::Forget(const IncomeJob& job) {
  forgotten_jobs_.push_back(job.id);
  income_jobs.Erase(job.id);
}

void State::BeginCheckpoint(int64_t sequence) {
  payers.BeginCheckpoint();
  controls.BeginCheckpoint();
  recent_tips.BeginCheckpoint();
  streamers.BeginCheckpoint();
  sanctions.BeginCheckpoint();
  sessions.BeginCheckpoint();
  recharges.BeginCheckpoint();
  tips.BeginCheckpoint();
  agencies.BeginCheckpoint();
  income_jobs.BeginCheckpoint();
  checkpoint_sequence_ = sequence;
}

bool State::CopyCheckpoint(size_t count_max, StateImage* image) {
  const bool has_more = payers.CopyCheckpoint(count_max, &image->payers) ||
                        controls.CopyCheckpoint(count_max, &image->controls) ||
                        recent_tips.CopyCheckpoint(count_max, &image->recent_tips) ||
                        streamers.CopyCheckpoint(count_max, &image->streamers) ||
                        sanctions.CopyCheckpoint(count_max, &image->sanctions) ||
                        sessions.CopyCheckpoint(count_max, &image->sessions) ||
                        recharges.CopyCheckpoint(count_max, &image->recharges) ||
                        tips.CopyCheckpoint(count_max, &image->tips) ||
                        agencies.CopyCheckpoint(count_max, &image->agencies) ||
                        income_jobs.CopyCheckpoint(count_max, &image->income_jobs);
  if (has_more) return true;
  image->forgotten_sessions.swap(forgotten_sessions_);
  image->forgotten_jobs.swap(forgotten_jobs_);
  // What has come back since may stand in this very image.
  for (const Recharge& recharge : forgotten_recharges_) {
    if (recharges.Find(recharge.id) == nullptr) image->forgotten_recharges.push_back(recharge);
  }
  forgotten_recharges_.clear();
  for (const Tip& tip : forgotten_tips_) {
    if (tips.Find(tip.id) == nullptr) image->forgotten_tips.push_back(tip);
  }
  forgotten_tips_.clear();
  for (const PayerId payer : forgotten_recent_tips_) {
    if (recent_tips.Find(payer) == nullptr) image->forgotten_recent_tips.push_back(payer);
  }
  forgotten_recent_tips_.clear();
  image->totals = totals;
  image->stops = stops;
  if (policies.is_dirty) image->policies = policies;
  policies.is_dirty = false;
  image->complete_sequence = checkpoint_sequence_;
  return false;
}

Hash128 State::Fingerprint(int64_t now_ms) const {
  Hash128 sum = FingerprintOf(totals);
  sum += FingerprintOf(stops);
  AddFingerprints(payers, &sum);
  sum += cold_payers_sum_;
  AddFingerprints(controls, &sum);
  AddFingerprintsOfKnown(recent_tips, now_ms, &sum);
  AddFingerprints(streamers, &sum);
  AddFingerprints(sanctions, &sum);
  AddFingerprintsOfKnown(sessions, now_ms, &sum);
  AddFingerprintsOfKnown(recharges, now_ms, &sum);
  sum += FingerprintOf(policies);
  for (const Proposal& proposal : policies.proposals) {
    if (proposal.policy != nullptr) sum += FingerprintOf(*proposal.policy);
  }
  AddFingerprints(agencies, &sum);
  AddFingerprintsOfKnown(income_jobs, now_ms, &sum);
  tips.ForEach([&](const Tip& tip) {
    if (!IsForgotten(tip, totals, now_ms)) sum += FingerprintOf(tip);
  });
  if (policy != nullptr) sum += FingerprintOf(*policy);
  if (catalog != nullptr) {
    for (const Gift& gift : catalog->gifts()) sum += FingerprintOf(gift);
  }
  return sum;
}

}  // namespace tipgate

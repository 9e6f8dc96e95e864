#include "tests/support/memory_state_store.h"

#include <algorithm>

namespace tipgate {
namespace {

template <typename Map>
auto ValuesOf(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& [id, value] : map) values.push_back(value);
  return values;
}

}  // namespace

absl::StatusOr<StoredState> MemoryStateStore::Load() {
  return StoredState{.controls = ValuesOf(controls_),
                     .recent_tips = ValuesOf(recent_tips_),
                     .streamers = ValuesOf(streamers_),
                     .sanctions = ValuesOf(sanctions_),
                     .sessions = ValuesOf(sessions_),
                     .recharges = ValuesOf(recharges_),
                     .tips = ValuesOf(tips_),
                     .agencies = ValuesOf(agencies_),
                     .income_jobs = ValuesOf(income_jobs_),
                     .totals = totals_,
                     .stops = stops_,
                     .policies = policies_,
                     .complete_sequence = complete_sequence_,
                     .forget_keys_before = forget_keys_before_};
}

absl::Status MemoryStateStore::LoadPayers(PayersTaker take) {
  take(ValuesOf(payers_));
  return absl::OkStatus();
}

absl::Status MemoryStateStore::Write(const StateImage& image) {
  for (const Payer& payer : image.payers) payers_[payer.id] = payer;
  for (const PayerControls& controls : image.controls) controls_[controls.id] = controls;
  for (const RecentTips& recent : image.recent_tips) recent_tips_[recent.id] = recent;
  for (const Streamer& streamer : image.streamers) streamers_[streamer.id] = streamer;
  for (const StreamerSanctions& sanctions : image.sanctions) sanctions_[sanctions.id] = sanctions;
  for (const Session& session : image.sessions) sessions_[session.id] = session;
  for (const Recharge& recharge : image.recharges) recharges_[recharge.id] = recharge;
  for (const PayerId id : image.forgotten_recent_tips) recent_tips_.erase(id);
  for (const Recharge& recharge : image.forgotten_recharges) {
    recharges_.erase(recharge.id);
    if (recharge.is_in_wallet) old_recharges_[recharge.id] = recharge;
  }
  for (const Session& session : image.forgotten_sessions) {
    sessions_.erase(session.id);
    old_sessions_[session.id] = session;
  }
  for (const Tip& tip : image.tips) tips_[tip.id] = tip;
  for (const Agency& agency : image.agencies) agencies_[agency.id] = agency;
  for (const IncomeJob& job : image.income_jobs) income_jobs_[job.id] = job;
  for (const RecordId id : image.forgotten_jobs) income_jobs_.erase(id);
  for (const Tip& tip : image.forgotten_tips) {
    tips_.erase(tip.id);
    old_tips_[tip.id] = tip;
  }
  if (image.totals.has_value()) totals_ = *image.totals;
  if (image.stops.has_value()) stops_ = *image.stops;
  if (image.policies.has_value()) {
    policies_ = *image.policies;
    for (Proposal& proposal : policies_.proposals) proposal.policy = nullptr;  // no field
  }
  for (const auto& keys : image.keys) keys_.insert(keys->begin(), keys->end());
  if (image.complete_sequence > 0) complete_sequence_ = image.complete_sequence;
  forget_keys_before_ = std::max(forget_keys_before_, image.forget_keys_before);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Payer>> MemoryStateStore::FindPayer(PayerId id) const {
  const auto it = payers_.find(id);
  return it == payers_.end() ? std::nullopt : std::optional<Payer>(it->second);
}

absl::StatusOr<std::optional<Session>> MemoryStateStore::FindSession(SessionId id) const {
  for (const auto* sessions : {&sessions_, &old_sessions_}) {
    if (const auto it = sessions->find(id); it != sessions->end()) return it->second;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<Tip>> MemoryStateStore::FindTip(RecordId id) const {
  for (const auto* tips : {&tips_, &old_tips_}) {
    if (const auto it = tips->find(id); it != tips->end()) return it->second;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<Recharge>> MemoryStateStore::FindRecharge(RecordId id) const {
  for (const auto* recharges : {&recharges_, &old_recharges_}) {
    if (const auto it = recharges->find(id); it != recharges->end()) return it->second;
  }
  return std::nullopt;
}

absl::Status MemoryStateStore::FindKeys(absl::Span<KeyLookup> keys) const {
  for (KeyLookup& key : keys) {
    const auto it = keys_.find(key.hash);
    const bool is_known = it != keys_.end() && it->second.sequence() >= forget_keys_before_;
    key.stored = is_known ? it->second : RecordId();
  }
  return absl::OkStatus();
}

}  // namespace tipgate

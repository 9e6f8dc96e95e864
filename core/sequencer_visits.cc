#include <variant>

#include "core/decide_income.h"
#include "core/sequencer.h"

namespace tipgate {

template <typename VisitType, typename T>
void Sequencer::Copy(const T* found, VisitType& visit) const {
  visit.policy = state_.policy;
  if (found != nullptr) visit.found = *found;
}

void Sequencer::Run(PayerVisit& visit) {
  Copy(state_.FindPayer(visit.id), visit);
  if (const PayerControls* controls = state_.controls.Find(visit.id)) visit.controls = *controls;
  visit.time_ms = now_ms();
  visit.day = batch_->entry.moment.day;
  visit.month = batch_->entry.moment.month;
}
void Sequencer::Run(StreamerVisit& visit) {
  Copy(state_.streamers.Find(visit.id), visit);
  const StreamerSanctions* const sanctions = state_.sanctions.Find(visit.id);
  if (sanctions == nullptr) return;
  for (const Sanction& sanction : sanctions->sanctions) {
    if (!sanction.is_over(now_ms())) visit.sanctions.push_back(sanction);
  }
}
void Sequencer::Run(SessionVisit& visit) {
  const Session* const session = FindSession(visit.id);
  Copy(session, visit);
  if (session == nullptr) return;
  if (const Streamer* streamer = state_.streamers.Find(session->streamer)) {
    visit.streamer_tier = streamer->tier;
  }
}

void Sequencer::Run(RechargeVisit& visit) { Copy(FindRecharge(visit.id, {}), visit); }
void Sequencer::Run(AgencyVisit& visit) { Copy(state_.agencies.Find(visit.id), visit); }

void Sequencer::Run(HistoryVisit& visit) {
  if (const auto* key = std::get_if<KeyLookup>(&visit.of)) {
    visit.newest = FindKey(*key);
  } else if (const auto* payer_id = std::get_if<PayerId>(&visit.of)) {
    const Payer* const payer = state_.FindPayer(*payer_id);
    if (payer != nullptr) visit.newest = payer->last_tip;
  } else if (const auto* streamer_id = std::get_if<StreamerId>(&visit.of)) {
    const Streamer* const streamer = state_.streamers.Find(*streamer_id);
    if (streamer != nullptr) visit.newest = streamer->last_tip;
  } else if (const auto* session_id = std::get_if<SessionId>(&visit.of)) {
    const Session* const session = FindSession(*session_id);
    if (session != nullptr) visit.newest = session->last_tip;
  }
  visit.cursors = state_.totals.cursors;
  visit.is_freezing = IsFreezing(state_);
  visit.last_sequence = last_sequence_;
}

void Sequencer::Run(InfoVisit& visit) {
  visit.totals = state_.totals;
  visit.payers_count = state_.payers_count();
  visit.streamers_count = static_cast<int64_t>(state_.streamers.size());
  visit.sessions_count = static_cast<int64_t>(state_.sessions.size());
  visit.policy = state_.policy;
  visit.catalog = state_.catalog;
  if (visit.wants_fingerprint) {
    visit.fingerprint = state_.Fingerprint(batch_->entry.moment.time_ms);
  }
  visit.last_sequence = last_sequence_ + (batch_->entry.records.empty() ? 0 : 1);
  visit.time_ms = batch_->entry.moment.time_ms;
  is_closed_ = true;
}

}  // namespace tipgate

#include "tests/simulation/judge.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/policy_conversion.h"

namespace tipgate::simulation {

bool Judge::IsDue(const Record& record) {
  if (const auto* change = std::get_if<TipChangeRecord>(&record)) {
    return change->action == TipAction::kExpire;
  }
  if (const auto* recharge = std::get_if<RechargeRecord>(&record)) {
    return recharge->action == RechargeAction::kExpire;
  }
  if (const auto* policy = std::get_if<PolicyRecord>(&record)) return policy->proposal.is_set();
  const auto* const step = std::get_if<ProposalStepRecord>(&record);
  return step != nullptr && step->step == ProposalStep::kFail;
}

std::string Judge::Apply(const differ::RecordPlace& place) {
  ++records_count_;
  ahead_.reset();
  time_ms_ = place.entry.moment.time_ms;
  if (IsDue(place.record)) return ApplyDue(place);
  if (std::string fault = EndDues(time_ms_); !fault.empty()) return fault;
  const Intent* const intent = IntentOf(place.record);
  const std::string key(intent == nullptr ? "" : intent->key.view());
  return key.empty() ? ApplyOwn(place) : ApplyWish(place, key);
}

oracle::Oracle* Judge::At(int64_t time_ms) {
  if (time_ms <= time_ms_) return &oracle_;
  // Anew each time: after a crash even that time may go back to the last record's.
  ahead_ = oracle_;
  return &*ahead_;
}

// --- What the gate does by itself ---------------------------------------------------------------

// Holds expire under the policy of their time: the oracle does that when it is told of the next
// policy, or asked something.
std::string Judge::ApplyDue(const differ::RecordPlace& place) {
  if (const auto* change = std::get_if<TipChangeRecord>(&place.record)) {
    ++met_["a hold expires"];
    expired_.push_back(place.entry.View(change->after).front());
  } else if (std::holds_alternative<PolicyRecord>(place.record)) {
    return Activate(place);
  } else if (const auto* step = std::get_if<ProposalStepRecord>(&place.record)) {
    return approvals_.Step(*step, time_ms_);
  } else {
    ++met_["a recharge expires"];
  }
  return "";
}

std::string Judge::EndDues(int64_t time_ms) {
  return approvals_.HasDue(time_ms) ? "a policy is not in force at its time" : ExpireHolds(time_ms);
}

std::string Judge::ExpireHolds(int64_t time_ms) {
  for (const Tip& tip : std::exchange(expired_, {})) {
    const oracle::TipView view = oracle_.GetTip(time_ms, tip.id.value());
    if (view.state != oracle::TipState::kVoided || view.released != tip.released.minor()) {
      return absl::StrCat("the hold of tip ", tip.id.value(), " expires too early, or wrongly");
    }
    orders_.NoteOtherChange(tip.id.value());
    tips_.NoteView(tip.id.value(), records_count_, view);
  }
  return "";
}

std::string Judge::Activate(const differ::RecordPlace& place) {
  const auto& record = std::get<PolicyRecord>(place.record);
  oracle::Policy policy = policy_;
  int64_t effective_time_ms = time_ms_;
  if (record.proposal.is_set()) {
    ++met_["a policy comes into force"];
    auto active = approvals_.Activate(record, time_ms_);
    if (!active.has_value()) return "a policy comes into force that nobody approved, or too early";
    policy = std::move(active->policy);
    effective_time_ms = active->effective_time_ms;
  }
  if (!SamePolicy(*record.policy, differ::ToCore(policy))) return "another policy is in force";
  policy.version = record.policy->version;
  oracle_.ActivatePolicy(time_ms_, policy, effective_time_ms);
  return "";
}

std::string Judge::ApplyOwn(const differ::RecordPlace& place) {
  if (std::holds_alternative<PolicyRecord>(place.record)) return Activate(place);
  if (std::holds_alternative<CatalogRecord>(place.record)) {
    oracle_.PutGifts(time_ms_, gifts_);
    return "";
  }
  if (std::holds_alternative<SettlementRecord>(place.record)) return Settle(place);
  if (std::holds_alternative<TipChangeRecord>(place.record)) return ChangeByOrder(place);
  if (const auto* step = std::get_if<IncomeStepRecord>(&place.record)) {
    ++met_[step->is_done ? "the last step of an order" : "a step of an order"];
    return orders_.EndStep(*step);
  }
  return "a record that nobody asked for";
}

std::string Judge::Settle(const differ::RecordPlace& place) {
  const auto& settlement = std::get<SettlementRecord>(place.record);
  const std::string what =
      absl::StrCat("settlement of delay ", settlement.delay_ms, " ms, entries ",
                   settlement.first_sequence, " to ", settlement.last_sequence, ": ");
  const auto turns = settlements_.Take(settlement);
  if (!turns.has_value()) return what + "is not in its turn";
  std::vector<int64_t> pending;
  for (const int64_t tip_id : *turns) {
    const oracle::TipState state = oracle_.GetTip(time_ms_, tip_id).state;
    if (state == oracle::TipState::kPending) pending.push_back(tip_id);
    if (state == oracle::TipState::kFrozen) ++met_["a frozen tip does not settle"];
  }
  const oracle::IncomeResult settled = oracle_.SettleTips(time_ms_, pending);
  if (settled.error != oracle::ErrorReason::kNone) return what + "comes too early";
  if (settlement.tips_count != settled.count || settlement.amount.minor() != settled.amount) {
    return absl::StrCat(what, "tells ", settlement.tips_count, " tips and ",
                        settlement.amount.minor(), ", due are ", settled.count, " and ",
                        settled.amount);
  }
  if (settled.count > 0) ++met_["a settlement"];
  for (const int64_t tip_id : pending) {
    orders_.NoteOtherChange(tip_id);
    NoteTip(place, tip_id);
  }
  return "";
}

std::string Judge::ChangeByOrder(const differ::RecordPlace& place) {
  const auto& change = std::get<TipChangeRecord>(place.record);
  const Tip& after = place.entry.View(change.after).front();
  const int64_t tip_id = after.id.value();
  if (std::string fault = orders_.Change(place, &oracle_); !fault.empty()) return fault;
  const oracle::TipView view = oracle_.GetTip(time_ms_, tip_id);
  oracle::TipLifeResult recorded;
  differ::Fill(place, &recorded);
  const bool is_same = view.state == recorded.state && view.amount == recorded.amount &&
                       view.released == recorded.released && view.refunded == recorded.refunded;
  if (!is_same) return absl::StrCat("tip ", tip_id, " is another after a step of an order");
  // Rule L7: one whose turn is over settles with its release.
  if (change.action == TipAction::kRelease && view.state == oracle::TipState::kPending &&
      settlements_.IsPassed(tip_id)) {
    ++met_["a late release"];
    settlements_.NoteDue(tip_id, place.entry.sequence, 0);
  }
  NoteTip(place, tip_id);
  return "";
}

// --- What somebody wished for -------------------------------------------------------------------

std::string Judge::ApplyWish(const differ::RecordPlace& place, const std::string& key) {
  const auto wish = wishes_.find(key);
  if (wish == wishes_.end()) return absl::StrCat("nobody wished ", key);
  const std::string difference = wish->second->CompareRecord(&oracle_, place, &observations_);
  if (!difference.empty()) return difference;
  ++met_[wish->second->name()];
  return Note(place, *wish->second);
}

std::string Judge::Note(const differ::RecordPlace& place, const Wish& wish) {
  const Record& record = place.record;
  if (const auto* tip = std::get_if<TipRecord>(&record)) {
    tips_.Add(*tip, place.id.value());
    if (tip->is_accepted()) NoteTip(place, place.id.value());
  } else if (const auto* change = std::get_if<TipChangeRecord>(&record)) {
    const int64_t tip_id = place.entry.View(change->after).front().id.value();
    orders_.NoteOtherChange(tip_id);
    NoteTip(place, tip_id);
  } else if (const auto* payer = std::get_if<PayerRecord>(&record)) {
    tips_.NotePayer(payer->payer.value());
  } else if (const auto* streamer = std::get_if<StreamerRecord>(&record)) {
    tips_.NoteStreamer(streamer->streamer.value());
  } else if (const auto* session = std::get_if<SessionRecord>(&record)) {
    const bool is_opened =
        session->action == SessionAction::kOpen && session->outcome == Outcome::kAccepted;
    if (is_opened) tips_.NoteSession(session->session.value());
  } else if (std::holds_alternative<IncomeJobRecord>(record)) {
    orders_.Begin(place, &oracle_);
  } else if (const auto* proposal = std::get_if<ProposalRecord>(&record)) {
    approvals_.Propose(place.id, *proposal, *wish.policy());
    proposals_.push_back(place.id.value());
  } else if (const auto* step = std::get_if<ProposalStepRecord>(&record)) {
    return approvals_.Step(*step, time_ms_);
  } else if (std::holds_alternative<CatalogRecord>(record)) {
    const bool is_put = oracle_.PutGifts(time_ms_, *wish.gifts()) == oracle::ErrorReason::kNone;
    return is_put ? "" : "gifts are in force that must not be";
  }
  return "";
}

// How the tip looks now, and when its turn to settle comes if it has become pending with this.
void Judge::NoteTip(const differ::RecordPlace& place, int64_t tip_id) {
  const oracle::TipView view = oracle_.GetTip(time_ms_, tip_id);
  tips_.NoteView(tip_id, records_count_, view);
  const auto* const change = std::get_if<TipChangeRecord>(&place.record);
  const bool is_captured = change != nullptr && change->action == TipAction::kCapture &&
                           change->outcome == Outcome::kAccepted;
  const bool becomes_pending = std::holds_alternative<TipRecord>(place.record) || is_captured;
  if (!becomes_pending || view.state != oracle::TipState::kPending) return;
  settlements_.NoteDue(tip_id, place.entry.sequence, view.settle_time_ms - time_ms_);
}

}  // namespace tipgate::simulation

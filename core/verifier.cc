#include "core/verifier.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/decide.h"
#include "core/decide_income.h"
#include "core/decide_policy.h"
#include "core/decide_staff.h"
#include "core/fold.h"
#include "core/settlement.h"
#include "core/tip_lookup.h"
#include "core/tip_parties.h"

namespace tipgate {
namespace {

// As many tips as are verified while a line of memory comes.
constexpr size_t kPrefetchDistance = 6;

absl::Status CheckPolicy(const State& state) {
  if (state.policy != nullptr && state.catalog != nullptr) return absl::OkStatus();
  return absl::DataLossError("was decided before there was a policy and a catalogue");
}

// For what somebody asked: only what is due by itself comes before a policy that is due.
absl::Status CheckPolicyIsCurrent(const State& state, int64_t now_ms) {
  if (state.policies.next_activation_ms <= now_ms) {
    return absl::DataLossError("was decided although another policy should have been in force");
  }
  return CheckPolicy(state);
}

// Decides again what a record says was decided. A status says what makes that impossible.
class Redecider {
 public:
  Redecider(const Journal& journal, const State& state, const Entry& recorded, size_t position,
            Entry* decided, Entry* looked_up)
      : journal_(journal),
        state_(state),
        recorded_(recorded),
        position_(position),
        decided_(*decided),
        looked_up_(*looked_up) {}

  // See Verifier::VerifyTip.
  absl::StatusOr<Record> operator()(const TipRecord&) { return absl::InternalError("is a tip"); }

  absl::StatusOr<Record> operator()(const RechargeRecord& record) {
    const bool is_asked_for = record.action != RechargeAction::kExpire;
    absl::Status policy = is_asked_for ? CheckPolicyIsCurrent() : CheckPolicy();
    if (!policy.ok()) return policy;
    if (record.action == RechargeAction::kAuthorize) {
      return DecideRecharge(state_,
                            {.intent = record.intent,
                             .app = record.app,
                             .payer = record.payer,
                             .amount = record.amount,
                             .hold_ms = record.hold_ms},
                            &decided_);
    }
    const Recharge* const recharge = state_.recharges.Find(record.recharge);
    if (recharge == nullptr) return absl::DataLossError("its recharge was never authorized");
    if (record.action == RechargeAction::kRefund) return OfRecharge(record, *recharge);
    const bool is_held = recharge->state == RechargeState::kHeld;
    const bool is_expired = recharge->state == RechargeState::kExpired;
    if (record.action == RechargeAction::kCapture) {
      if (!is_held && !is_expired) return absl::DataLossError("captures a closed recharge");
      if (is_held && decided_.moment.time_ms >= recharge->expire_time_ms) {
        return absl::DataLossError("captures a recharge that has expired as if it had not");
      }
      return DecideCapture(state_, record.intent, *recharge, &decided_);
    }
    const bool is_early = record.action == RechargeAction::kExpire &&
                          decided_.moment.time_ms < recharge->expire_time_ms;
    if (!is_held || is_early) return absl::DataLossError("releases a recharge that is not due");
    return DecideRelease(state_, record.action, record.intent, *recharge, decided_);
  }

  absl::StatusOr<Record> operator()(const PauseRecord& record) {
    const Payer* const payer = state_.payers.Find(record.payer);
    if (payer == nullptr) return absl::DataLossError("pauses an unknown payer");
    return DecidePause(record, *payer, decided_);
  }

  absl::StatusOr<Record> operator()(const SelfLimitsRecord& record) {
    if (absl::Status status = CheckPayer(record.payer); !status.ok()) return status;
    return DecideSelfLimits(state_, record, &decided_);
  }

  absl::StatusOr<Record> operator()(const PreferencesRecord& record) {
    if (absl::Status status = CheckPayer(record.payer); !status.ok()) return status;
    return DecidePreferences(state_, record, &decided_);
  }

  absl::StatusOr<Record> operator()(const ConfirmationRecord& record) {
    if (absl::Status status = CheckPayer(record.payer); !status.ok()) return status;
    ConfirmationRecord request = record;
    request.refusal = ConfirmationRefusal::kNone;
    request.attempts_left = 0;
    request.expire_time_ms = 0;
    return DecideConfirmation(state_, request, decided_);
  }

  absl::StatusOr<Record> operator()(const CoolingOffRecord& record) {
    if (absl::Status status = CheckPayer(record.payer); !status.ok()) return status;
    return DecideCoolingOff(state_, record, decided_);
  }

  absl::StatusOr<Record> operator()(const PayerFreezeRecord& record) {
    if (absl::Status status = CheckPayer(record.payer); !status.ok()) return status;
    if (WhyFreezeRefused(state_, record) != FreezeRefusal::kNone) {
      return absl::DataLossError("unfreezes a payer who is not frozen, or by one person alone");
    }
    return DecidePayerFreeze(state_, record);
  }

  absl::StatusOr<Record> operator()(const StopRecord& record) {
    if (WhyStopRefused(state_, record) != StopRefusal::kNone) {
      return absl::DataLossError(
          "stops too much, or lifts what is not stopped, or by one person alone");
    }
    return DecideStop(state_, record, decided_);
  }

  absl::StatusOr<Record> operator()(const SanctionRecord& record) {
    if (absl::Status status = CheckPolicy(); !status.ok()) return status;
    if (WhySanctionRefused(state_, record, decided_) != SanctionRefusal::kNone) {
      return absl::DataLossError("sanctions where that cannot be, or lifts what is not in force");
    }
    const SanctionRecord again = DecideSanction(state_, record, decided_);
    const bool is_stated = again.is_violation && again.end_time_ms != 0;
    if (is_stated && !CanBeMonthsLater(again.end_time_ms, state_.policy->sanctions.recovery_months,
                                       record.resume_time_ms)) {
      return absl::DataLossError("gives receiving back at another time than months after the end");
    }
    return again;
  }

  absl::StatusOr<Record> operator()(const SessionRecord& record) {
    if (absl::Status status = CheckPolicyIsCurrent(); !status.ok()) return status;
    const Session* const session =
        FindKnown(state_.sessions, record.session, decided_.moment.time_ms);
    if (record.action == SessionAction::kOpen) {
      if (session != nullptr) return absl::DataLossError("opens a session twice");
      return DecideOpenSession(
          state_, {.intent = record.intent, .session = record.session, .streamer = record.streamer},
          &decided_);
    }
    if (session == nullptr || !session->is_open()) {
      return absl::DataLossError("closes a session that is not open");
    }
    return DecideCloseSession(state_, record.intent, *session, decided_);
  }

  absl::StatusOr<Record> operator()(const SettlementRecord& settlement) {
    const SettleCursor* const cursor = state_.totals.FindCursor(settlement.delay_ms);
    if (cursor == nullptr || cursor->last_sequence + 1 != settlement.first_sequence ||
        settlement.last_sequence < settlement.first_sequence) {
      return absl::DataLossError("settles a stretch that is not the next one");
    }
    absl::StatusOr<SettleCommand> again = CollectSettlement(
        journal_, settlement.delay_ms, settlement.first_sequence, settlement.last_sequence);
    if (!again.ok()) return again.status();
    if (again->settlement.last_time_ms + settlement.delay_ms > decided_.moment.time_ms) {
      return absl::DataLossError("settles before the delay is over");
    }
    if (IsFreezing(state_)) return absl::DataLossError("settles while an order freezes");
    return DecideSettlement(state_, again->settlement, again->shares, &decided_);
  }

  absl::StatusOr<Record> operator()(const TipChangeRecord& record) {
    if (absl::Status status = CheckPolicy(); !status.ok()) return status;
    const RecordId id = recorded_.View(record.after).front().id;
    absl::StatusOr<std::optional<Tip>> found = FindTip(id);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return absl::DataLossError("changes a tip that was never accepted");
    const Tip& tip = **found;
    const bool is_over =
        tip.state == TipState::kHeld && decided_.moment.time_ms >= tip.expire_time_ms;
    if (record.action == TipAction::kExpire) {
      if (!is_over) return absl::DataLossError("expires a tip whose hold is not over");
      return DecideTipExpiry(state_, tip, &decided_);
    }
    if (is_over) return absl::DataLossError("changes a held tip that has expired");
    return record.job.is_set() ? OfJob(record, tip) : OfRequest(record, tip);
  }

  absl::StatusOr<Record> operator()(const IncomeJobRecord& record) {
    return DecideIncomeJob(state_,
                           {.intent = record.intent,
                            .action = record.action,
                            .actor = record.actor,
                            .scope = record.scope,
                            .permille = record.permille,
                            .note = recorded_.View(record.note).front(),
                            .looked_up = {}},
                           &decided_);
  }

  // Which tips a step has looked at and left as they were is stated, not decided.
  absl::StatusOr<Record> operator()(IncomeStepRecord record) {
    const IncomeJob* const job = state_.income_jobs.Find(record.job);
    const bool goes_back =
        job != nullptr && job->is_in_journal == record.is_in_journal && record.next < job->next;
    if (job == nullptr || job->is_done() || goes_back) {
      return absl::DataLossError("is a step of a job that does not go on there");
    }
    record.tips_count = 0;
    record.amount = Money();
    for (size_t i = position_; i > 0; --i) {
      const auto* const change = std::get_if<TipChangeRecord>(&recorded_.records[i - 1]);
      if (change == nullptr || change->job != record.job) break;
      if (change->amount != Money()) ++record.tips_count;
      record.amount += change->amount;
    }
    return record;
  }

  absl::StatusOr<Record> operator()(const ManualDelayRecord& record) {
    if (state_.streamers.Find(record.streamer) != nullptr) return record;
    return absl::DataLossError("delays the income of an unknown streamer");
  }

  // Facts, policies and catalogues are stated, not decided; but never replace newer ones.
  absl::StatusOr<Record> operator()(const PayerRecord& record) {
    return VerifyFacts(record, state_.payers.Find(record.payer));
  }
  absl::StatusOr<Record> operator()(const StreamerRecord& record) {
    return VerifyFacts(record, state_.streamers.Find(record.streamer));
  }
  absl::StatusOr<Record> operator()(const CatalogRecord& record) {
    const int32_t version = state_.policies.gifts_version + 1;
    if (record.version != version) return NotNextError("gift catalogue", record.version, version);
    if (!record.actor.empty() && FindGiftTooDear(state_, *record.catalog).has_value()) {
      return absl::DataLossError("puts a gift that is dearer than the policy lets one be");
    }
    return record;
  }
  absl::StatusOr<Record> operator()(const PolicyRecord& record) {
    if (record.proposal.is_set()) return Activate(record.proposal);
    const int32_t version = NextPolicyVersion(state_);
    if (record.policy->version == version) return record;
    return NotNextError("policy", record.policy->version, version);
  }
  absl::StatusOr<Record> operator()(const ProposalRecord& record) {
    if (absl::Status status = CheckPolicyIsCurrent(); !status.ok()) return status;
    if (const auto refusal = WhyProposalRefused(state_, record, decided_.moment.time_ms)) {
      return absl::DataLossError(refusal->message);
    }
    return record;
  }
  absl::StatusOr<Record> operator()(const ProposalStepRecord& record) {
    if (record.step == ProposalStep::kFail) return Activate(record.proposal);
    if (const auto refusal = WhyStepRefused(state_, record)) {
      return absl::DataLossError(refusal->message);
    }
    return DecideStep(state_, record, decided_.moment.time_ms);
  }

 private:
  static absl::Status NotNextError(const char* what, int32_t version, int32_t next) {
    return absl::DataLossError(
        absl::StrCat("is ", what, " version ", version, " where ", next, " is the next"));
  }

  absl::StatusOr<Record> Activate(RecordId id) {
    const Proposal* const proposal = state_.policies.Find(id);
    if (proposal == nullptr || !IsActivationDue(*proposal, decided_.moment.time_ms)) {
      return absl::DataLossError("brings a policy into force that is not approved, or not due");
    }
    return DecideActivation(state_, *proposal);
  }

  absl::StatusOr<Record> OfJob(const TipChangeRecord& record, const Tip& tip) {
    const IncomeJob* const job = state_.income_jobs.Find(record.job);
    if (job == nullptr || job->is_done() || !IsChangedByJob(state_, *job, tip)) {
      return absl::DataLossError("changes a tip that its job does not change");
    }
    return DecideTipOfJob(state_, *job, tip, &decided_);
  }

  absl::StatusOr<Record> OfRequest(const TipChangeRecord& record, const Tip& tip) {
    TipChangeRequest request{.intent = record.intent,
                             .action = record.action,
                             .tip = tip.id,
                             .actor = record.actor,
                             .amount = record.requested,
                             .permille = record.permille,
                             .note = {},
                             .looked_up = {}};
    const bool is_of_job =
        record.action == TipAction::kFreeze || record.action == TipAction::kRelease;
    if (record.note.count != 0) request.note = recorded_.View(record.note).front();
    if (is_of_job ||
        WhyTipChangeRefused(state_, request, tip, decided_.moment) != TipRefusal::kNone) {
      return absl::DataLossError("changes a tip in a state that does not allow it");
    }
    return DecideTipChange(state_, request, tip, &decided_);
  }

  absl::StatusOr<Record> OfRecharge(const RechargeRecord& record, const Recharge& recharge) {
    const RechargeRefundRequest request{.intent = record.intent,
                                        .recharge = recharge.id,
                                        .actor = record.actor,
                                        .amount = record.refund,
                                        .note = recorded_.View(record.note).front(),
                                        .looked_up = {}};
    if (WhyRefundRefused(state_, request, recharge) != RechargeRefusal::kNone) {
      return absl::DataLossError("refunds what is not left of a recharge, or spent");
    }
    return DecideRechargeRefund(state_, request, recharge, &decided_);
  }

  absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) {
    if (const Tip* tip = state_.tips.Find(id)) return *tip;
    if (id.sequence() < 1 || id.sequence() > journal_.Head().sequence) return std::nullopt;
    if (looked_up_.sequence != id.sequence()) {
      const absl::Status status = journal_.Read(id.sequence(), &looked_up_);
      if (!status.ok()) looked_up_.Clear();
      if (!status.ok()) return status;
    }
    return TipInEntry(looked_up_, id);
  }

  template <typename RecordType, typename Person>
  absl::StatusOr<Record> VerifyFacts(RecordType record, const Person* known) {
    record.observe_time_ms = ObserveTimeMs(record.requested_observe_time_ms, decided_.moment);
    if (known != nullptr && record.observe_time_ms < known->observe_time_ms) {
      return absl::DataLossError("replaces newer facts");
    }
    return record;
  }

  absl::Status CheckPayer(PayerId payer) const {
    if (state_.payers.Find(payer) == nullptr) return absl::DataLossError("is of an unknown payer");
    return CheckPolicyIsCurrent();
  }
  absl::Status CheckPolicyIsCurrent() const {
    return tipgate::CheckPolicyIsCurrent(state_, decided_.moment.time_ms);
  }
  absl::Status CheckPolicy() const { return tipgate::CheckPolicy(state_); }

  const Journal& journal_;
  const State& state_;
  const Entry& recorded_;
  size_t position_;
  Entry& decided_;
  Entry& looked_up_;
};

}  // namespace

absl::Status Verifier::Verify(const Entry& entry) {
  decided_.Clear();
  decided_.sequence = entry.sequence;
  decided_.moment = entry.moment;
  for (size_t position = 0; position < entry.records.size(); ++position) {
    Prefetch(entry, position);
    const auto* const tip = std::get_if<TipRecord>(&entry.records[position]);
    absl::Status status =
        tip == nullptr ? VerifyRecord(entry, position) : VerifyTip(entry, position, *tip);
    if (!status.ok()) {
      return absl::DataLossError(absl::StrCat("journal entry ", entry.sequence, ", record ",
                                              position, ": ", status.message()));
    }
    ++records_count_;
  }
  return absl::OkStatus();
}

// As Sequencer::Prefetch.
void Verifier::Prefetch(const Entry& entry, size_t position) const {
  const auto payer_at = [&](size_t ahead) -> const PayerId* {
    if (position + ahead >= entry.records.size()) return nullptr;
    const auto* const tip = std::get_if<TipRecord>(&entry.records[position + ahead]);
    return tip == nullptr ? nullptr : &tip->request.payer;
  };
  if (const PayerId* payer = payer_at(2 * kPrefetchDistance)) state_.payers.PrefetchIndex(*payer);
  if (const PayerId* payer = payer_at(kPrefetchDistance)) state_.payers.Prefetch(*payer);
}

// What is nearly all of a journal, without a look at anything twice and without a copy.
absl::Status Verifier::VerifyTip(const Entry& entry, size_t position, const TipRecord& tip) {
  absl::Status status = CheckPolicyIsCurrent(state_, entry.moment.time_ms);
  if (!status.ok()) return status;
  const TipParties parties = FindParties(tip.request, &state_);
  Record& decided = decided_.records.emplace_back(std::in_place_type<TipRecord>);
  DecideTip(state_, tip.request, Known(parties), &decided_, &std::get<TipRecord>(decided));
  status = Compare(entry, entry.records[position]);
  if (status.ok()) FoldTip(entry, position, tip, parties, &state_);
  return status;
}

absl::Status Verifier::VerifyRecord(const Entry& entry, size_t position) {
  const Record& recorded = entry.records[position];
  absl::StatusOr<Record> decided =
      std::visit(Redecider(journal_, state_, entry, position, &decided_, &looked_up_), recorded);
  if (!decided.ok()) return decided.status();
  decided_.records.push_back(*std::move(decided));
  absl::Status status = Compare(entry, recorded);
  if (status.ok()) FoldRecord(entry, position, &state_);
  return status;
}

absl::Status Verifier::Compare(const Entry& entry, const Record& recorded) {
  decided_words_.Read(decided_, decided_.records.back());
  recorded_words_.Read(entry, recorded);
  if (decided_words_ == recorded_words_) return absl::OkStatus();
  return absl::DataLossError("the rules, applied again, decide otherwise than it says");
}

}  // namespace tipgate

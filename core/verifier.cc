#include "core/verifier.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/decide.h"
#include "core/decide_policy.h"
#include "core/decide_staff.h"
#include "core/fingerprint.h"
#include "core/fold.h"
#include "core/settlement.h"

namespace tipgate {
namespace {

// Decides again what a record says was decided. A status says what makes that impossible.
class Redecider {
 public:
  Redecider(const Journal& journal, const State& state, Entry* decided)
      : journal_(journal), state_(state), decided_(*decided) {}

  absl::StatusOr<Record> operator()(const TipRecord& tip) {
    if (absl::Status status = CheckPolicyIsCurrent(); !status.ok()) return status;
    return DecideTip(state_, tip.request, &decided_);
  }

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
    again->settlement.shares = decided_.Open<SettlementShare>();
    for (const SettlementShare& share : again->shares) {
      decided_.Add(again->settlement.shares, share);
    }
    return again->settlement;
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

  // For what somebody asked: only what is due by itself comes before a policy that is due.
  absl::Status CheckPolicyIsCurrent() const {
    if (state_.policies.next_activation_ms <= decided_.moment.time_ms) {
      return absl::DataLossError("was decided although another policy should have been in force");
    }
    return CheckPolicy();
  }

  absl::Status CheckPolicy() const {
    if (state_.policy != nullptr && state_.catalog != nullptr) return absl::OkStatus();
    return absl::DataLossError("was decided before there was a policy and a catalogue");
  }

  const Journal& journal_;
  const State& state_;
  Entry& decided_;
};

}  // namespace

absl::Status Verifier::Verify(const Entry& entry) {
  decided_.Clear();
  decided_.sequence = entry.sequence;
  decided_.moment = entry.moment;
  for (size_t position = 0; position < entry.records.size(); ++position) {
    if (absl::Status status = VerifyRecord(entry, position); !status.ok()) {
      return absl::DataLossError(absl::StrCat("journal entry ", entry.sequence, ", record ",
                                              position, ": ", status.message()));
    }
    ++records_count_;
  }
  return absl::OkStatus();
}

absl::Status Verifier::VerifyRecord(const Entry& entry, size_t position) {
  const Record& recorded = entry.records[position];
  absl::StatusOr<Record> decided = std::visit(Redecider(journal_, state_, &decided_), recorded);
  if (!decided.ok()) return decided.status();
  if (FingerprintOf(decided_, *decided) != FingerprintOf(entry, recorded)) {
    return absl::DataLossError("the rules, applied again, decide otherwise than it says");
  }
  FoldRecord(entry, position, &state_);
  return absl::OkStatus();
}

}  // namespace tipgate

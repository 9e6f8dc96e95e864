#include "server/event_projection.h"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "server/income_conversion.h"
#include "server/record_conversion.h"
#include "server/stop_conversion.h"
#include "server/time_conversion.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

// Entries of a settlement that one step reads at most.
constexpr int kSettledEntriesMax = 64;

bool IsAccepted(Outcome outcome) { return outcome == Outcome::kAccepted; }

// The kind of a record's first part; unspecified if it has none of its own.
struct KindOf {
  v1::EventKind operator()(const TipRecord& tip) const {
    return IsAccepted(tip.outcome) ? v1::EVENT_KIND_TIP_ACCEPTED : v1::EVENT_KIND_TIP_REJECTED;
  }
  v1::EventKind operator()(const RechargeRecord& record) const {
    switch (record.action) {
      case RechargeAction::kAuthorize:
        return IsAccepted(record.outcome) ? v1::EVENT_KIND_RECHARGE_HELD
                                          : v1::EVENT_KIND_RECHARGE_REJECTED;
      case RechargeAction::kCapture:
        return IsAccepted(record.outcome) ? v1::EVENT_KIND_RECHARGE_CAPTURED
                                          : v1::EVENT_KIND_LATE_RECHARGE;
      case RechargeAction::kVoid:
        return v1::EVENT_KIND_RECHARGE_VOIDED;
      case RechargeAction::kExpire:
        return v1::EVENT_KIND_RECHARGE_EXPIRED;
      case RechargeAction::kRefund:
        return v1::EVENT_KIND_RECHARGE_REFUNDED;
    }
    return v1::EVENT_KIND_UNSPECIFIED;
  }
  v1::EventKind operator()(const PayerRecord&) const { return v1::EVENT_KIND_PAYER_CHANGED; }
  v1::EventKind operator()(const StreamerRecord&) const { return v1::EVENT_KIND_STREAMER_CHANGED; }
  v1::EventKind operator()(const SessionRecord& record) const {
    if (record.action == SessionAction::kClose) return v1::EVENT_KIND_SESSION_CLOSED;
    return IsAccepted(record.outcome) ? v1::EVENT_KIND_SESSION_OPENED
                                      : v1::EVENT_KIND_SESSION_REJECTED;
  }
  v1::EventKind operator()(const SettlementRecord&) const { return v1::EVENT_KIND_UNSPECIFIED; }
  v1::EventKind operator()(const PolicyRecord&) const { return v1::EVENT_KIND_POLICY_ACTIVATED; }
  v1::EventKind operator()(const CatalogRecord&) const { return v1::EVENT_KIND_GIFTS_CHANGED; }
  v1::EventKind operator()(const ProposalRecord&) const { return v1::EVENT_KIND_POLICY_PROPOSED; }
  v1::EventKind operator()(const ProposalStepRecord& record) const {
    switch (record.step) {
      case ProposalStep::kApprove:
        return v1::EVENT_KIND_POLICY_APPROVED;
      case ProposalStep::kWithdraw:
        return v1::EVENT_KIND_POLICY_WITHDRAWN;
      case ProposalStep::kFail:
        return v1::EVENT_KIND_POLICY_ACTIVATION_FAILED;
    }
    return v1::EVENT_KIND_UNSPECIFIED;
  }
  v1::EventKind operator()(const PauseRecord&) const { return v1::EVENT_KIND_PAYER_PAUSED; }
  v1::EventKind operator()(const SelfLimitsRecord& record) const {
    return IsAccepted(record.outcome) ? v1::EVENT_KIND_SELF_LIMITS_CHANGED
                                      : v1::EVENT_KIND_UNSPECIFIED;
  }
  v1::EventKind operator()(const PreferencesRecord& record) const {
    return IsAccepted(record.outcome) ? v1::EVENT_KIND_PREFERENCES_CHANGED
                                      : v1::EVENT_KIND_UNSPECIFIED;
  }
  // A start is nobody's business but the caller's.
  v1::EventKind operator()(const ConfirmationRecord& record) const {
    const bool is_confirmed =
        record.action == ConfirmationAction::kComplete && IsAccepted(record.outcome);
    return is_confirmed ? v1::EVENT_KIND_CONFIRMED : v1::EVENT_KIND_UNSPECIFIED;
  }
  v1::EventKind operator()(const CoolingOffRecord&) const {
    return v1::EVENT_KIND_COOLING_OFF_STARTED;
  }
  // Who is frozen by one more case, or still by another, sees no difference: then no money moves. A
  // capture that the payer's own limits refuse changes nothing.
  v1::EventKind operator()(const TipChangeRecord& change) const {
    const bool moves = change.amount != Money();
    switch (change.action) {
      case TipAction::kCapture:
        return IsAccepted(change.outcome) ? v1::EVENT_KIND_TIP_CAPTURED
                                          : v1::EVENT_KIND_UNSPECIFIED;
      case TipAction::kVoid:
        return v1::EVENT_KIND_TIP_VOIDED;
      case TipAction::kExpire:
        return v1::EVENT_KIND_TIP_EXPIRED;
      case TipAction::kFreeze:
        return moves ? v1::EVENT_KIND_TIP_FROZEN : v1::EVENT_KIND_UNSPECIFIED;
      case TipAction::kRelease:
        return moves ? v1::EVENT_KIND_TIP_RELEASED : v1::EVENT_KIND_UNSPECIFIED;
      case TipAction::kRefund:
        return v1::EVENT_KIND_TIP_REFUNDED;
    }
    return v1::EVENT_KIND_UNSPECIFIED;
  }
  v1::EventKind operator()(const IncomeJobRecord&) const {
    return v1::EVENT_KIND_INCOME_JOB_STARTED;
  }
  v1::EventKind operator()(const IncomeStepRecord& step) const {
    return step.is_done ? v1::EVENT_KIND_INCOME_JOB_DONE : v1::EVENT_KIND_UNSPECIFIED;
  }
  v1::EventKind operator()(const ManualDelayRecord&) const { return v1::EVENT_KIND_INCOME_DELAYED; }
  // The first of two who agree to unfreeze changes nothing yet, nor does the end of one of two
  // cases.
  v1::EventKind operator()(const PayerFreezeRecord& record) const {
    if (record.action == FreezeAction::kFreeze) return v1::EVENT_KIND_PAYER_FROZEN;
    return record.is_frozen ? v1::EVENT_KIND_UNSPECIFIED : v1::EVENT_KIND_PAYER_UNFROZEN;
  }
  // So it is with a stop.
  v1::EventKind operator()(const StopRecord& record) const {
    if (record.action == StopAction::kStop) return v1::EVENT_KIND_EMERGENCY_STOP_STARTED;
    return record.is_stopped ? v1::EVENT_KIND_UNSPECIFIED : v1::EVENT_KIND_EMERGENCY_STOP_LIFTED;
  }
  v1::EventKind operator()(const SanctionRecord& record) const {
    return record.action == SanctionAction::kSanction ? v1::EVENT_KIND_STREAMER_SANCTIONED
                                                      : v1::EVENT_KIND_SANCTION_LIFTED;
  }
};

// Whom a tip concerns.
void FillTip(const TipRequest& request, RecordId id, v1::Event* event) {
  event->set_payer_id(request.payer.value());
  event->set_streamer_id(request.streamer.value());
  event->set_session_id(request.session.value());
  event->set_tip_id(id.value());
}

void FillTip(const Tip& tip, v1::Event* event) {
  event->set_payer_id(tip.payer.value());
  event->set_streamer_id(tip.streamer.value());
  event->set_session_id(tip.session.value());
  event->set_tip_id(tip.id.value());
}

// Fills what the kind of event needs from the record's own fields.
struct Filler {
  const Entry& entry;
  RecordId id;
  v1::Event* event;

  void operator()(const TipRecord& tip) const {
    FillTip(tip.request, id, event);
    event->set_amount_minor(tip.request.amount().minor());
    FillCodes(tip.violations);
  }
  void operator()(const RechargeRecord& record) const {
    const RecordId recharge = record.recharge.is_set() ? record.recharge : id;
    event->set_recharge_id(recharge.value());
    event->set_payer_id(record.payer.value());
    const bool is_refund = record.action == RechargeAction::kRefund;
    event->set_amount_minor((is_refund ? record.refund : record.amount).minor());
    event->set_identity(std::string(record.actor.view()));
    FillCase(record.note);
    FillCodes(record.violations);
  }
  void operator()(const PayerRecord& record) const { event->set_payer_id(record.payer.value()); }
  void operator()(const StreamerRecord& record) const {
    event->set_streamer_id(record.streamer.value());
  }
  void operator()(const SessionRecord& record) const {
    event->set_session_id(record.session.value());
    event->set_streamer_id(record.streamer.value());
    event->set_amount_minor(record.received.minor());
    FillCodes(record.violations);
  }
  void operator()(const SettlementRecord&) const {}
  void operator()(const TipChangeRecord& change) const {
    const bool is_release =
        change.action == TipAction::kVoid || change.action == TipAction::kExpire;
    FillTip(entry.View(change.after).front(), event);
    event->set_amount_minor((is_release ? change.released : change.amount).minor());
    event->set_identity(std::string(change.actor.view()));
    event->set_income_job_id(change.job.value());
    const Tip& after = entry.View(change.after).front();
    event->set_to_balance(ToBalance(change, after) != Money());
    FillCase(change.note);
  }
  void operator()(const IncomeJobRecord& job) const {
    event->set_income_job_id(id.value());
    event->set_income_action(static_cast<v1::IncomeAction>(job.action));
    FillIncomeScope(job.scope, event->mutable_income_scope());
    event->set_identity(std::string(job.actor.view()));
    FillCase(job.note);
  }
  void operator()(const IncomeStepRecord& step) const {
    event->set_income_job_id(step.job.value());
  }
  void operator()(const ManualDelayRecord& record) const {
    event->set_streamer_id(record.streamer.value());
    event->set_identity(std::string(record.actor.view()));
    SetMilliseconds(record.delay_ms, event->mutable_income_delay());
  }
  void operator()(const PolicyRecord& record) const {
    event->set_policy_version(record.policy->version);
    event->set_proposal_id(record.proposal.value());
  }
  void operator()(const CatalogRecord& record) const {
    event->set_gifts_version(record.version);
    event->set_identity(std::string(record.actor.view()));
  }
  void operator()(const ProposalRecord& record) const {
    event->set_proposal_id(id.value());
    event->set_identity(std::string(record.actor.view()));
    if (record.requested_time_ms != 0) {
      SetUnixMs(record.requested_time_ms, event->mutable_effective_time());
    }
  }
  void operator()(const ProposalStepRecord& record) const {
    event->set_proposal_id(record.proposal.value());
    event->set_identity(std::string(record.actor.view()));
    if (record.step == ProposalStep::kApprove) {
      SetUnixMs(record.effective_time_ms, event->mutable_effective_time());
    }
  }
  void operator()(const PauseRecord& record) const {
    event->set_payer_id(record.payer.value());
    SetUnixMs(record.end_time_ms, event->mutable_end_time());
  }
  void operator()(const SelfLimitsRecord& record) const {
    event->set_payer_id(record.payer.value());
  }
  void operator()(const PreferencesRecord& record) const {
    event->set_payer_id(record.payer.value());
    FillPreferences(record, event->mutable_preferences());
  }
  // Never the token: who reads events has nothing to confirm.
  void operator()(const ConfirmationRecord& record) const {
    event->set_payer_id(record.payer.value());
    event->set_confirmation_scope(static_cast<v1::ConfirmationScope>(record.scope));
  }
  void operator()(const CoolingOffRecord& record) const {
    event->set_payer_id(record.payer.value());
    event->set_identity(std::string(record.actor.view()));
    SetUnixMs(record.end_time_ms, event->mutable_end_time());
  }
  void operator()(const PayerFreezeRecord& record) const {
    event->set_payer_id(record.payer.value());
    event->set_identity(std::string(record.actor.view()));
    event->set_case_reference(std::string(record.case_name.view()));
  }
  void operator()(const StopRecord& record) const {
    FillScope(record.scope, event->mutable_stop_scope());
    event->set_identity(std::string(record.actor.view()));
  }
  void operator()(const SanctionRecord& record) const {
    event->set_streamer_id(record.streamer.value());
    event->set_identity(std::string(record.actor.view()));
    event->set_case_reference(std::string(record.case_name.view()));
    if (record.action == SanctionAction::kLift) {
      return event->set_sanction_id(record.lifted.value());
    }
    event->set_sanction_id(id.value());
    event->set_sanction_kind(static_cast<v1::SanctionKind>(record.kind));
    if (record.end_time_ms != 0) SetUnixMs(record.resume_time_ms, event->mutable_end_time());
  }

  void FillCase(Slice<CaseNote> notes) const {
    for (const CaseNote& note : entry.View(notes)) {
      event->set_case_reference(std::string(note.case_name.view()));
    }
  }
  void FillCodes(Slice<Violation> violations) const {
    for (const Violation& violation : entry.View(violations)) {
      event->add_rejection_codes(static_cast<v1::RejectionCode>(violation.code));
    }
  }
};

void FillReminder(const Entry& entry, const TipRecord& tip, int64_t index, RecordId id,
                  v1::Event* event) {
  const Reminder& reminder = entry.View(tip.reminders)[static_cast<size_t>(index)];
  FillTip(tip.request, id, event);
  event->mutable_reminder()->set_period(static_cast<v1::Period>(reminder.period));
  event->mutable_reminder()->set_threshold_permille(reminder.permille);
}

void FillCoolingOff(const TipRecord& tip, RecordId id, v1::Event* event) {
  FillTip(tip.request, id, event);
  SetUnixMs(tip.cooling_off_end_ms, event->mutable_end_time());
}

// A record's events: the decision, then its reminders, then the cooling-off that it begins.
int64_t PartsCount(const Record& record) {
  if (std::visit(KindOf(), record) == v1::EVENT_KIND_UNSPECIFIED) return 0;
  const auto* tip = std::get_if<TipRecord>(&record);
  if (tip == nullptr) return 1;
  return 1 + int64_t{tip->reminders.count} + (tip->cooling_off_end_ms == 0 ? 0 : 1);
}

v1::EventKind KindOfPart(const Record& record, int64_t part) {
  if (part == 0) return std::visit(KindOf(), record);
  const bool is_reminder = part <= int64_t{std::get<TipRecord>(record).reminders.count};
  return is_reminder ? v1::EVENT_KIND_REMINDER : v1::EVENT_KIND_COOLING_OFF_STARTED;
}

v1::Event* AddEvent(const Entry& entry, v1::EventKind kind, const EventCursor& cursor,
                    v1::WatchEventsResponse* response) {
  v1::Event* const event = response->add_events();
  event->set_cursor(cursor.ToText());
  SetUnixMs(entry.moment.time_ms, event->mutable_event_time());
  event->set_kind(kind);
  return event;
}

// A tip that falls due with a record.
struct DueTip {
  Tip tip;
  Money amount;  // that settles
};

// The tip that falls due with the record at this place, as one of the settlement's delay.
std::optional<DueTip> DueTipAt(const Entry& entry, size_t position, int64_t delay_ms) {
  const RecordId id = entry.IdAt(position);
  Tip tip;
  if (const auto* accepted = std::get_if<TipRecord>(&entry.records[position])) {
    if (!accepted->is_accepted() || accepted->is_held()) return std::nullopt;
    tip = TipOf(*accepted, id, entry.moment);
  } else if (const auto* change = std::get_if<TipChangeRecord>(&entry.records[position])) {
    tip = entry.View(change->after).front();
  }
  if (tip.due != id || tip.due_delay_ms != delay_ms) return std::nullopt;
  return DueTip{.tip = tip, .amount = tip.due_amount};
}

// What of it settles, which may be less than the record says; `exceptions` ascend by `due`.
Money AmountOf(const DueTip& due, absl::Span<const SettlementException> exceptions) {
  const auto it = std::lower_bound(
      exceptions.begin(), exceptions.end(), due.tip.due,
      [](const SettlementException& exception, RecordId id) { return exception.due < id; });
  return it != exceptions.end() && it->due == due.tip.due ? it->amount : due.amount;
}

bool IsFull(const v1::WatchEventsResponse& response) {
  return response.events_size() >= EventProjection::kEventsMax;
}

}  // namespace

absl::StatusOr<bool> EventProjection::Project(const Entry& entry, EventCursor* cursor,
                                              v1::WatchEventsResponse* response) {
  TIPGATE_CHECK(cursor->sequence == entry.sequence);
  const auto records_count = static_cast<int64_t>(entry.records.size());
  for (; cursor->position < records_count; ++cursor->position, cursor->part = 0) {
    const Record& record = entry.records[static_cast<size_t>(cursor->position)];
    absl::StatusOr<bool> is_done = true;
    if (const auto* settlement = std::get_if<SettlementRecord>(&record)) {
      is_done = ProjectSettlement(entry, *settlement, cursor, response);
    } else {
      is_done = ProjectParts(entry, record, cursor, response);
    }
    if (!is_done.ok() || !*is_done) return is_done;
  }
  *cursor = {.sequence = entry.sequence + 1, .position = 0, .part = 0};
  return true;
}

bool EventProjection::ProjectParts(const Entry& entry, const Record& record, EventCursor* cursor,
                                   v1::WatchEventsResponse* response) const {
  const RecordId id = entry.IdAt(static_cast<size_t>(cursor->position));
  for (const int64_t parts_count = PartsCount(record); cursor->part < parts_count;) {
    const int64_t part = cursor->part;
    const v1::EventKind kind = KindOfPart(record, part);
    if (!kinds_.Contains(kind)) {
      ++cursor->part;
      continue;
    }
    if (IsFull(*response)) return false;
    ++cursor->part;
    v1::Event* const event = AddEvent(entry, kind, *cursor, response);
    if (part == 0) {
      std::visit(Filler{.entry = entry, .id = id, .event = event}, record);
    } else if (kind == v1::EVENT_KIND_REMINDER) {
      FillReminder(entry, std::get<TipRecord>(record), part - 1, id, event);
    } else {
      FillCoolingOff(std::get<TipRecord>(record), id, event);
    }
  }
  return true;
}

absl::StatusOr<bool> EventProjection::ProjectSettlement(const Entry& entry,
                                                        const SettlementRecord& settlement,
                                                        EventCursor* cursor,
                                                        v1::WatchEventsResponse* response) {
  if (!kinds_.Contains(v1::EVENT_KIND_TIP_SETTLED)) return true;
  RecordId next =
      cursor->part == 0 ? RecordId(settlement.first_sequence, 0) : RecordId(cursor->part);
  for (int i = 0; i < kSettledEntriesMax && next.sequence() <= settlement.last_sequence; ++i) {
    if (absl::Status status = ReadSettled(next.sequence()); !status.ok()) return status;
    const auto records_count = static_cast<int64_t>(settled_.records.size());
    for (int64_t position = next.position(); position < records_count; ++position) {
      const std::optional<DueTip> due =
          DueTipAt(settled_, static_cast<size_t>(position), settlement.delay_ms);
      if (!due.has_value()) continue;
      const Money amount = AmountOf(*due, entry.View(settlement.exceptions));
      if (amount == Money()) continue;
      if (IsFull(*response)) return false;
      cursor->part = RecordId(next.sequence(), position + 1).value();
      v1::Event* const event = AddEvent(entry, v1::EVENT_KIND_TIP_SETTLED, *cursor, response);
      FillTip(due->tip, event);
      event->set_amount_minor(amount.minor());
    }
    next = RecordId(next.sequence() + 1, 0);
    cursor->part = next.value();
  }
  return next.sequence() > settlement.last_sequence;
}

absl::Status EventProjection::ReadSettled(int64_t sequence) {
  if (settled_.sequence == sequence) return absl::OkStatus();
  if (settled_reader_ == nullptr || settled_.sequence + 1 != sequence) {
    settled_reader_ = journal_.ReadFrom(sequence);
  }
  const absl::StatusOr<bool> has_entry = settled_reader_->Next(&settled_);
  if (!has_entry.ok()) return has_entry.status();
  if (!*has_entry) return absl::DataLossError("a settlement reaches past the journal's end");
  return absl::OkStatus();
}

bool EventProjection::IsPlaceIn(const Entry& entry, const EventCursor& cursor) {
  if (cursor.position == 0 && cursor.part == 0) return true;
  if (cursor.position >= static_cast<int64_t>(entry.records.size())) return false;
  const Record& record = entry.records[static_cast<size_t>(cursor.position)];
  const auto* settlement = std::get_if<SettlementRecord>(&record);
  if (settlement == nullptr) return cursor.part <= PartsCount(record);
  const int64_t sequence = RecordId(cursor.part).sequence();
  return cursor.part == 0 ||
         (settlement->first_sequence <= sequence && sequence <= settlement->last_sequence + 1);
}

}  // namespace tipgate

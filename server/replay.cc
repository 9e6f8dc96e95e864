#include "server/replay.h"

#include <variant>

#include "server/policy_conversion.h"

namespace tipgate {
namespace {

bool SameIntent(const Intent& a, const Intent& b) {
  return a.caller == b.caller && a.key == b.key && a.create_time_ms == b.create_time_ms;
}

}  // namespace

bool IsRepeat(const TipRequest& request, const Record& stored) {
  const auto* const tip = std::get_if<TipRecord>(&stored);
  if (tip == nullptr) return false;
  const TipRequest& first = tip->request;
  return SameIntent(first.intent, request.intent) && first.app == request.app &&
         first.payer == request.payer && first.streamer == request.streamer &&
         first.session == request.session && first.gift == request.gift &&
         first.unit_price == request.unit_price && first.count == request.count &&
         first.is_hold == request.is_hold && first.hold_ms == request.hold_ms;
}

bool IsRepeat(const TipChangeRequest& request, const Entry& entry, const Record& stored) {
  const auto* const first = std::get_if<TipChangeRecord>(&stored);
  return first != nullptr && first->action == request.action &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         entry.View(first->after).front().id == request.tip && first->requested == request.amount &&
         first->permille == request.permille &&
         (first->note.count == 0 || entry.View(first->note).front() == request.note);
}

bool IsRepeat(const IncomeJobRequest& request, const Entry& entry, const Record& stored) {
  const auto* const first = std::get_if<IncomeJobRecord>(&stored);
  return first != nullptr && first->action == request.action &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         first->scope == request.scope && first->permille == request.permille &&
         entry.View(first->note).front() == request.note;
}

bool IsRepeat(const ManualDelayRecord& request, const Record& stored) {
  const auto* const first = std::get_if<ManualDelayRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->actor == request.actor && first->streamer == request.streamer &&
         first->delay_ms == request.delay_ms;
}

bool IsRepeat(const RechargeRequest& request, const Record& stored) {
  const auto* const first = std::get_if<RechargeRecord>(&stored);
  return first != nullptr && first->action == RechargeAction::kAuthorize &&
         SameIntent(first->intent, request.intent) && first->app == request.app &&
         first->payer == request.payer && first->amount == request.amount &&
         first->hold_ms == request.hold_ms;
}

bool IsRepeat(const RechargeChange& request, const Record& stored) {
  const auto* const first = std::get_if<RechargeRecord>(&stored);
  return first != nullptr && first->action == request.action &&
         SameIntent(first->intent, request.intent) && first->recharge == request.recharge;
}

bool IsRepeat(const RechargeRefundRequest& request, const Entry& entry, const Record& stored) {
  const auto* const first = std::get_if<RechargeRecord>(&stored);
  return first != nullptr && first->action == RechargeAction::kRefund &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         first->recharge == request.recharge && first->refund == request.amount &&
         entry.View(first->note).front() == request.note;
}

bool IsRepeat(const PayerRecord& request, const Record& stored) {
  const auto* const first = std::get_if<PayerRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->payer == request.payer && first->is_verified == request.is_verified &&
         first->age == request.age && first->has_guardian_consent == request.has_guardian_consent &&
         first->has_youth_mode == request.has_youth_mode && first->tier == request.tier &&
         first->guardian == request.guardian && first->risk == request.risk &&
         first->source == request.source &&
         first->requested_observe_time_ms == request.requested_observe_time_ms;
}

bool IsRepeat(const PauseRecord& request, const Record& stored) {
  const auto* const first = std::get_if<PauseRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->payer == request.payer && first->duration_ms == request.duration_ms;
}

bool IsRepeat(const SelfLimitsRecord& request, const Record& stored) {
  const auto* const first = std::get_if<SelfLimitsRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->payer == request.payer && first->tip_max_change == request.tip_max_change &&
         first->day_limit_change == request.day_limit_change &&
         first->month_limit_change == request.month_limit_change && first->token == request.token;
}

bool IsRepeat(const PreferencesRecord& request, const Record& stored) {
  const auto* const first = std::get_if<PreferencesRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->payer == request.payer && first->reminders_change == request.reminders_change &&
         first->public_display_change == request.public_display_change &&
         first->token == request.token;
}

bool IsRepeat(const ConfirmationRecord& request, const Record& stored) {
  const auto* const first = std::get_if<ConfirmationRecord>(&stored);
  if (first == nullptr || first->action != request.action ||
      !SameIntent(first->intent, request.intent) || first->payer != request.payer ||
      first->scope != request.scope) {
    return false;
  }
  return request.action == ConfirmationAction::kStart ||
         (first->token == request.token && first->proof == request.proof);
}

bool IsRepeat(const CoolingOffRecord& request, const Record& stored) {
  const auto* const first = std::get_if<CoolingOffRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->actor == request.actor && first->payer == request.payer &&
         first->duration_ms == request.duration_ms;
}

bool IsRepeat(const PayerFreezeRecord& request, const Record& stored) {
  const auto* const first = std::get_if<PayerFreezeRecord>(&stored);
  return first != nullptr && first->action == request.action &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         first->payer == request.payer && first->case_name == request.case_name;
}

bool IsRepeat(const StopRecord& request, const Record& stored) {
  const auto* const first = std::get_if<StopRecord>(&stored);
  return first != nullptr && first->action == request.action &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         first->scope == request.scope && first->reason == request.reason;
}

bool IsRepeat(const SanctionRecord& request, const Record& stored) {
  const auto* const first = std::get_if<SanctionRecord>(&stored);
  return first != nullptr && first->action == request.action &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         first->streamer == request.streamer && first->lifted == request.lifted &&
         first->kind == request.kind && first->until_ms == request.until_ms &&
         first->mute_ms == request.mute_ms && first->is_violation == request.is_violation &&
         first->reason == request.reason && first->case_name == request.case_name;
}

bool IsRepeat(const ProposalRecord& request, const Record& stored) {
  const auto* const first = std::get_if<ProposalRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->actor == request.actor && first->note == request.note &&
         first->requested_time_ms == request.requested_time_ms &&
         first->restored_version == request.restored_version &&
         SamePolicy(*first->policy, *request.policy);
}

bool IsRepeat(const ProposalStepRecord& request, const Record& stored) {
  const auto* const first = std::get_if<ProposalStepRecord>(&stored);
  return first != nullptr && first->step == request.step &&
         SameIntent(first->intent, request.intent) && first->actor == request.actor &&
         first->proposal == request.proposal;
}

bool IsRepeat(const CatalogRecord& request, const Record& stored) {
  const auto* const first = std::get_if<CatalogRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->actor == request.actor && SameCatalog(*first->catalog, *request.catalog);
}

bool IsRepeat(const StreamerRecord& request, const Record& stored) {
  const auto* const first = std::get_if<StreamerRecord>(&stored);
  return first != nullptr && SameIntent(first->intent, request.intent) &&
         first->streamer == request.streamer && first->is_verified == request.is_verified &&
         first->age == request.age && first->has_guardian_consent == request.has_guardian_consent &&
         first->tier == request.tier && first->agency == request.agency &&
         first->payer == request.payer && first->source == request.source &&
         first->requested_observe_time_ms == request.requested_observe_time_ms;
}

bool IsRepeat(const SessionRequest& request, const Record& stored) {
  const auto* const first = std::get_if<SessionRecord>(&stored);
  return first != nullptr && first->action == SessionAction::kOpen &&
         SameIntent(first->intent, request.intent) && first->session == request.session &&
         first->streamer == request.streamer;
}

bool IsRepeat(const CloseRequest& request, const Record& stored) {
  const auto* const first = std::get_if<SessionRecord>(&stored);
  return first != nullptr && first->action == SessionAction::kClose &&
         SameIntent(first->intent, request.intent) && first->session == request.session;
}

}  // namespace tipgate

#include "tests/differ/gate_calls.h"

#include <optional>

#include "core/decide.h"

namespace tipgate::differ {
namespace {

template <typename T, typename IdType>
std::optional<T> Visited(Gate* gate, IdType id) {
  Command command = Visit<IdType, T>{.id = id, .found = {}, .policy = {}};
  gate->Execute(&command);
  return std::get<Visit<IdType, T>>(command).found;
}

Entry EntryAt(const Moment& moment) {
  Entry entry;
  entry.moment = moment;
  return entry;
}

}  // namespace

std::vector<Answered<oracle::TipResult>> SendBatch(
    Gate* gate, const std::vector<oracle::TipRequest>& requests) {
  TipsCommand tips;
  for (const oracle::TipRequest& request : requests) {
    tips.requests.push_back(ToCore(request));
    tips.keys.push_back(gate->core().LookUp(tips.requests.back().intent));
  }
  Command command = std::move(tips);
  const Entry& entry = gate->Execute(&command);
  const TipsCommand& done = std::get<TipsCommand>(command);
  std::vector<Answered<oracle::TipResult>> answered;
  for (size_t i = 0; i < requests.size(); ++i) {
    answered.push_back(
        ReadAnswer<oracle::TipResult>(*gate, done.requests[i], done.answers[i], entry));
  }
  return answered;
}

Answered<oracle::TipResult> Send(Gate* gate, const oracle::TipRequest& request) {
  return SendBatch(gate, {request}).front();
}

Answered<oracle::TipResult> Send(Gate* gate, const CheckTipRequest& request) {
  Answered<oracle::TipResult> answered;
  const Decided decided = gate->core().Check(ToCore(request.tip));
  if (const auto* error = std::get_if<RequestError>(&decided.answer)) {
    answered.result.error = ToOracle(*error);
    return answered;
  }
  // The slices of the record point into an entry that is gone.
  Entry entry = EntryAt(gate->Now());
  TipRecord tip = decided.tip;
  tip.violations = entry.Open<Violation>();
  for (const Violation& violation : decided.violations) entry.Add(tip.violations, violation);
  tip.reminders = entry.Open<Reminder>();
  for (const Reminder& reminder : decided.reminders) entry.Add(tip.reminders, reminder);
  const Record record = tip;
  Fill({record, entry, RecordId()}, &answered.result);
  return answered;
}

Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::AuthorizeRechargeRequest& request) {
  return SendChange<oracle::RechargeResult>(gate, ToCore(request));
}

Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::CaptureRechargeRequest& request) {
  return SendChange<oracle::RechargeResult>(gate, ToCore(request));
}

Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::VoidRechargeRequest& request) {
  return SendChange<oracle::RechargeResult>(gate, ToCore(request));
}

Answered<oracle::RechargeResult> Send(Gate* gate, const CheckRechargeRequest& request) {
  Command command = CheckRechargeCommand{.request = ToCore(request.recharge), .answer = {}};
  gate->Execute(&command);
  const auto& check = std::get<CheckRechargeCommand>(command);
  auto answered =
      ReadAnswer<oracle::RechargeResult>(*gate, check.request, check.answer, gate->core().dry());
  answered.result.recharge_id = 0;
  answered.id = 0;
  return answered;
}

Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::RefundRechargeRequest& request) {
  RechargeRefundRequest refund = ToCore(request);
  refund.looked_up = *gate->core().store->FindRecharge(refund.recharge);
  return SendChange<oracle::RechargeResult>(gate, refund);
}

Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::PutPayerRequest& request) {
  return SendChange<oracle::ChangeResult>(gate, ToCore(request));
}

Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::PutStreamerRequest& request) {
  return SendChange<oracle::ChangeResult>(gate, ToCore(request));
}

Answered<oracle::PausePayerResult> Send(Gate* gate, const oracle::PausePayerRequest& request) {
  return SendChange<oracle::PausePayerResult>(gate, ToCore(request));
}

Answered<oracle::OpenSessionResult> Send(Gate* gate, const oracle::OpenSessionRequest& request) {
  SessionRequest open = ToCore(request);
  open.was_opened = gate->core().store->FindSession(open.session)->has_value();
  return SendChange<oracle::OpenSessionResult>(gate, open);
}

Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::CloseSessionRequest& request) {
  return SendChange<oracle::ChangeResult>(gate, ToCore(request));
}

Answered<oracle::PreferencesResult> Send(Gate* gate, const oracle::SetPreferencesRequest& request) {
  return SendChange<oracle::PreferencesResult>(gate, ToCore(request));
}

Answered<oracle::SelfLimitsResult> Send(Gate* gate, const oracle::SetSelfLimitsRequest& request) {
  return SendChange<oracle::SelfLimitsResult>(gate, ToCore(request));
}

Answered<oracle::ConfirmationResult> Send(Gate* gate,
                                          const oracle::StartConfirmationRequest& request) {
  ConfirmationRecord record = ToCore(request);
  record.token = ToToken(gate->NextToken());
  auto answered = SendChange<oracle::ConfirmationResult>(gate, record);
  answered.id = answered.result.token;  // a replay has the first one
  return answered;
}

Answered<oracle::ConfirmationResult> Send(Gate* gate,
                                          const oracle::CompleteConfirmationRequest& request) {
  return SendChange<oracle::ConfirmationResult>(gate, ToCore(request));
}

Answered<oracle::CoolingOffResult> Send(Gate* gate, const oracle::StartCoolingOffRequest& request) {
  return SendChange<oracle::CoolingOffResult>(gate, ToCore(request));
}

Answered<oracle::FreezeResult> Send(Gate* gate, const oracle::FreezePayerRequest& request) {
  return SendChange<oracle::FreezeResult>(gate, ToCore(request));
}

Answered<oracle::FreezeResult> Send(Gate* gate, const oracle::UnfreezePayerRequest& request) {
  return SendChange<oracle::FreezeResult>(gate, ToCore(request));
}

Answered<oracle::StopResult> Send(Gate* gate, const oracle::EmergencyStopRequest& request) {
  return SendChange<oracle::StopResult>(gate, ToCore(request));
}

Answered<oracle::StopResult> Send(Gate* gate, const oracle::LiftStopRequest& request) {
  return SendChange<oracle::StopResult>(gate, ToCore(request));
}

Answered<oracle::SanctionResult> Send(Gate* gate, const oracle::SanctionStreamerRequest& request) {
  return SendChange<oracle::SanctionResult>(gate, ToCore(request));
}

Answered<oracle::SanctionResult> Send(Gate* gate, const oracle::LiftSanctionRequest& request) {
  return SendChange<oracle::SanctionResult>(gate, ToCore(request));
}

bool PassesAt(Gate* gate, int64_t time_ms, const oracle::TipRequest& request) {
  Entry entry = EntryAt(gate->MomentAt(time_ms));
  return CheckTip(gate->core().state, ToCore(request), &entry).outcome == Outcome::kAccepted;
}

bool PassesAt(Gate* gate, int64_t time_ms, const oracle::AuthorizeRechargeRequest& request) {
  Entry entry = EntryAt(gate->MomentAt(time_ms));
  return DecideRecharge(gate->core().state, ToCore(request), &entry).outcome == Outcome::kAccepted;
}

bool PassesAt(Gate* gate, int64_t time_ms, const oracle::OpenSessionRequest& request) {
  Entry entry = EntryAt(gate->MomentAt(time_ms));
  return DecideOpenSession(gate->core().state, ToCore(request), &entry).outcome ==
         Outcome::kAccepted;
}

oracle::PayerView LookAtPayer(Gate* gate, int64_t payer_id) {
  PayerVisit visit;
  visit.id = PayerId(payer_id);
  Command command = visit;
  gate->Execute(&command);
  const PayerVisit& done = std::get<PayerVisit>(command);
  if (!done.found.has_value()) return {.error = oracle::ErrorReason::kNotFound};
  return ViewOf(*done.found, done.controls, *done.policy, gate->Now());
}

oracle::StreamerView LookAtStreamer(Gate* gate, int64_t streamer_id) {
  StreamerVisit visit;
  visit.id = StreamerId(streamer_id);
  Command command = visit;
  gate->Execute(&command);
  const StreamerVisit& done = std::get<StreamerVisit>(command);
  if (!done.found.has_value()) return {.error = oracle::ErrorReason::kNotFound};
  return ViewOf(*done.found, done.sanctions, gate->Now());
}

oracle::StopsView LookAtStops(Gate* gate) {
  Command command = StopsVisit();
  gate->Execute(&command);
  return ViewOf(std::get<StopsVisit>(command).stops);
}

oracle::SessionView LookAtSession(Gate* gate, int64_t session_id) {
  SessionVisit visit;
  visit.id = SessionId(session_id);
  Command command = visit;
  gate->Execute(&command);
  const SessionVisit& done = std::get<SessionVisit>(command);
  const Policy& policy = *gate->core().state.policy;
  if (done.found.has_value()) return ViewOf(*done.found, done.streamer_tier, policy);
  const std::optional<Session> stored = *gate->core().store->FindSession(SessionId(session_id));
  if (!stored.has_value()) return {.error = oracle::ErrorReason::kNotFound};
  oracle::SessionView view = ViewOf(*stored, stored->tier, policy);
  view.max_end_time_ms = stored->max_end_time_ms;  // as it was opened
  return view;
}

oracle::Totals LookAtTotals(Gate* gate) {
  gate->core().Tick();
  return ViewOf(gate->core().state.totals);
}

}  // namespace tipgate::differ

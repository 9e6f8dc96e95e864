// How each request is sent to the gate. A feature of the core adds its request here, and to
// oracle_calls.h.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "server/replay.h"
#include "tests/differ/gate.h"
#include "tests/differ/gate_answers.h"
#include "tests/differ/gate_conversion.h"
#include "tests/differ/requests.h"

namespace tipgate::differ {

// What the gate answered, and the id that it gave to what was made; 0: to nothing.
template <typename Result>
struct Answered {
  Result result;
  int64_t id = 0;
};

// What an answer says, which a command left. A record that a key named before is a replay only if
// the request is the same, as the server compares them.
template <typename Result, typename CoreRequest>
Answered<Result> ReadAnswer(const Gate& gate, const CoreRequest& request, const Answer& answer,
                            const Entry& entry) {
  Answered<Result> answered;
  if (const auto* error = std::get_if<RequestError>(&answer)) {
    answered.result.error = ToOracle(*error);
  } else if (const auto* place = std::get_if<InRecord>(&answer)) {
    const RecordId id = entry.IdAt(place->position);
    Fill({entry.records[place->position], entry, id}, &answered.result);
    answered.id = id.value();
  } else {
    const RecordId first = std::get<ReplayOf>(answer).record;
    const Entry& first_entry =
        gate.core().journal->entries()[static_cast<size_t>(first.sequence() - 1)];
    const Record& record = first_entry.records[static_cast<size_t>(first.position())];
    if (!IsRepeat(request, first_entry, record)) {
      answered.result.error = oracle::ErrorReason::kKeyReused;
    } else {
      Fill({record, first_entry, first}, &answered.result);
      answered.result.is_replay = true;
      answered.id = first.value();
    }
  }
  return answered;
}

// A change with one key and one answer.
template <typename Result, typename CoreRequest>
Answered<Result> SendChange(Gate* gate, const CoreRequest& request) {
  using Change = ChangeCommand<CoreRequest>;
  Command command =
      Change{.request = request, .key = gate->core().LookUp(request.intent), .answer = {}};
  const Entry& entry = gate->Execute(&command);
  const Change& change = std::get<Change>(command);
  return ReadAnswer<Result>(*gate, change.request, change.answer, entry);
}

Answered<oracle::TipResult> Send(Gate* gate, const oracle::TipRequest& request);
std::vector<Answered<oracle::TipResult>> SendBatch(Gate* gate,
                                                   const std::vector<oracle::TipRequest>& requests);
Answered<oracle::TipResult> Send(Gate* gate, const CheckTipRequest& request);
Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::AuthorizeRechargeRequest& request);
Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::CaptureRechargeRequest& request);
Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::VoidRechargeRequest& request);
Answered<oracle::RechargeResult> Send(Gate* gate, const CheckRechargeRequest& request);
Answered<oracle::RechargeResult> Send(Gate* gate, const oracle::RefundRechargeRequest& request);
Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::PutPayerRequest& request);
Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::PutStreamerRequest& request);
Answered<oracle::PausePayerResult> Send(Gate* gate, const oracle::PausePayerRequest& request);
Answered<oracle::OpenSessionResult> Send(Gate* gate, const oracle::OpenSessionRequest& request);
Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::CloseSessionRequest& request);
Answered<oracle::SelfLimitsResult> Send(Gate* gate, const oracle::SetSelfLimitsRequest& request);
Answered<oracle::PreferencesResult> Send(Gate* gate, const oracle::SetPreferencesRequest& request);
Answered<oracle::ConfirmationResult> Send(Gate* gate,
                                          const oracle::StartConfirmationRequest& request);
Answered<oracle::ConfirmationResult> Send(Gate* gate,
                                          const oracle::CompleteConfirmationRequest& request);
Answered<oracle::CoolingOffResult> Send(Gate* gate, const oracle::StartCoolingOffRequest& request);
Answered<oracle::FreezeResult> Send(Gate* gate, const oracle::FreezePayerRequest& request);
Answered<oracle::FreezeResult> Send(Gate* gate, const oracle::UnfreezePayerRequest& request);
Answered<oracle::StopResult> Send(Gate* gate, const oracle::EmergencyStopRequest& request);
Answered<oracle::StopResult> Send(Gate* gate, const oracle::LiftStopRequest& request);
Answered<oracle::SanctionResult> Send(Gate* gate, const oracle::SanctionStreamerRequest& request);
Answered<oracle::SanctionResult> Send(Gate* gate, const oracle::LiftSanctionRequest& request);

Answered<oracle::TipLifeResult> Send(Gate* gate, const oracle::CaptureTipRequest& request);
Answered<oracle::TipLifeResult> Send(Gate* gate, const oracle::VoidTipRequest& request);
Answered<oracle::TipLifeResult> Send(Gate* gate, const oracle::RefundTipRequest& request);
Answered<oracle::IncomeResult> Send(Gate* gate, const oracle::FreezeIncomeRequest& request);
Answered<oracle::IncomeResult> Send(Gate* gate, const oracle::ReleaseIncomeRequest& request);
Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::SetManualDelayRequest& request);

// True if it would be accepted then, if nothing else happened until then.
bool PassesAt(Gate* gate, int64_t time_ms, const oracle::TipRequest& request);
bool PassesAt(Gate* gate, int64_t time_ms, const oracle::AuthorizeRechargeRequest& request);
bool PassesAt(Gate* gate, int64_t time_ms, const oracle::OpenSessionRequest& request);

// Views: what everybody is told of the state of now.
oracle::PayerView LookAtPayer(Gate* gate, int64_t payer_id);
oracle::StreamerView LookAtStreamer(Gate* gate, int64_t streamer_id);
oracle::StopsView LookAtStops(Gate* gate);
oracle::TipView LookAtTip(Gate* gate, int64_t tip_id);
oracle::AgencyView LookAtAgency(Gate* gate, int64_t agency_id);
oracle::SessionView LookAtSession(Gate* gate, int64_t session_id);
oracle::Totals LookAtTotals(Gate* gate);

}  // namespace tipgate::differ

// Who pays, receives and decides: calls about payers, streamers, sessions, stops and sanctions.
#include "absl/strings/str_cat.h"
#include "tests/support/core_gate.h"

namespace tipgate {

Decided CoreGate::PutPayer(PayerRecord record) {
  if (record.intent.key.empty()) record.intent = NewIntent();
  return Run(PayerCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

void CoreGate::PutAdult(PayerId payer) {
  PayerRecord record;
  record.payer = payer;
  record.is_verified = true;
  record.age.birth_date = {.year = 1990, .month = 5, .day = 17};
  TIPGATE_CHECK(PutPayer(record).is_accepted());
}

Decided CoreGate::Pause(PayerId payer, absl::Duration duration) {
  PauseRecord record;
  record.intent = NewIntent();
  record.payer = payer;
  record.duration_ms = absl::ToInt64Milliseconds(duration);
  return Run(PauseCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::SetSelfLimits(SelfLimitsRecord record) {
  record.intent = NewIntent();
  return Run(SelfLimitsCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::SetPreferences(PreferencesRecord record) {
  record.intent = NewIntent();
  return Run(PreferencesCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::StartConfirmation(PayerId payer, ConfirmationScope scope) {
  ConfirmationRecord record;
  record.action = ConfirmationAction::kStart;
  record.intent = NewIntent();
  record.payer = payer;
  record.scope = scope;
  record.token = ConfirmationToken(absl::StrCat("token-", ++tokens_count_));
  return Run(ConfirmationCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::CompleteConfirmation(PayerId payer, ConfirmationScope scope,
                                       const ConfirmationToken& token) {
  ConfirmationRecord record;
  record.action = ConfirmationAction::kComplete;
  record.intent = NewIntent();
  record.payer = payer;
  record.scope = scope;
  record.token = token;
  record.proof = ProofName("sms-1");
  return Run(ConfirmationCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

void CoreGate::Confirm(PayerId payer, ConfirmationScope scope) {
  const Decided started = StartConfirmation(payer, scope);
  TIPGATE_CHECK(CompleteConfirmation(payer, scope, started.confirmation.token).is_accepted());
}

Decided CoreGate::CoolOff(PayerId payer, absl::Duration duration) {
  CoolingOffRecord record;
  record.intent = NewIntent();
  record.actor = ActorName("ops-1");
  record.payer = payer;
  record.duration_ms = absl::ToInt64Milliseconds(duration);
  return Run(CoolingOffCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::Freeze(PayerId payer, const std::string& case_name) {
  PayerFreezeRecord record;
  record.action = FreezeAction::kFreeze;
  record.intent = NewIntent();
  record.actor = ActorName("ops-1");
  record.payer = payer;
  record.case_name = CaseName(case_name);
  return Run(PayerFreezeCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::Unfreeze(PayerId payer, const std::string& actor, const std::string& case_name) {
  PayerFreezeRecord record;
  record.action = FreezeAction::kUnfreeze;
  record.intent = NewIntent();
  record.actor = ActorName(actor);
  record.payer = payer;
  record.case_name = CaseName(case_name);
  return Run(PayerFreezeCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::Stop(const StopScope& scope, const std::string& actor) {
  StopRecord record;
  record.action = StopAction::kStop;
  record.intent = NewIntent();
  record.actor = ActorName(actor);
  record.scope = scope;
  return Run(StopCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::LiftStop(const StopScope& scope, const std::string& actor) {
  StopRecord record;
  record.action = StopAction::kLift;
  record.intent = NewIntent();
  record.actor = ActorName(actor);
  record.scope = scope;
  return Run(StopCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::Sanction(SanctionRecord record) {
  record.intent = NewIntent();
  record.action = SanctionAction::kSanction;
  record.actor = ActorName("ops-1");
  record.reason = ReasonText("reason");
  record.case_name = CaseName("case-1");
  return Run(SanctionCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::LiftSanction(StreamerId streamer, RecordId sanction) {
  SanctionRecord record;
  record.intent = NewIntent();
  record.action = SanctionAction::kLift;
  record.actor = ActorName("ops-2");
  record.streamer = streamer;
  record.lifted = sanction;
  record.reason = ReasonText("reason");
  record.case_name = CaseName("case-1");
  return Run(SanctionCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

Decided CoreGate::PutStreamer(StreamerRecord record) {
  if (record.intent.key.empty()) record.intent = NewIntent();
  return Run(StreamerCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

void CoreGate::PutAdultStreamer(StreamerId streamer, const std::string& tier) {
  StreamerRecord record;
  record.streamer = streamer;
  record.is_verified = true;
  record.age.band = AgeBand::kAdult;
  record.tier = TierName(tier);
  TIPGATE_CHECK(PutStreamer(record).is_accepted());
}

Decided CoreGate::OpenSession(SessionId session, StreamerId streamer) {
  const SessionRequest request{.intent = NewIntent(),
                               .session = session,
                               .streamer = streamer,
                               .was_opened = store->FindSession(session)->has_value()};
  return Run(OpenSessionCommand{.request = request, .key = LookUp(request.intent), .answer = {}});
}

Decided CoreGate::CloseSession(SessionId session) {
  const CloseRequest request{.intent = NewIntent(), .session = session};
  return Run(CloseSessionCommand{.request = request, .key = LookUp(request.intent), .answer = {}});
}

void CoreGate::PutScene() {
  PutAdult(PayerId(1));
  PutAdultStreamer(StreamerId(1), "L3");
  TIPGATE_CHECK(OpenSession(SessionId(1), StreamerId(1)).is_accepted());
}

}  // namespace tipgate

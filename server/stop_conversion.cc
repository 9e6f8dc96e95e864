#include "server/stop_conversion.h"

#include <string>

#include "server/identity.h"
#include "server/request_fields.h"
#include "server/time_conversion.h"

namespace tipgate {
namespace {

StopScope ReadId(const char* field, StopKind kind, int64_t id, FieldChecks* checks) {
  checks->Id(field, id);
  return {.kind = kind, .id = id};
}

StopScope ReadApp(const std::string& app, FieldChecks* checks) {
  checks->That(IsIdentity(app), "scope.app",
               "must be 1 .. 32 letters, digits, '-', '_' or '.', as the app's own identity");
  StopScope scope = {.kind = StopKind::kApp};
  SetText(app, &scope.app);
  return scope;
}

StopScope ReadScope(const v1::StopScope& scope, FieldChecks* checks) {
  switch (scope.scope_case()) {
    case v1::StopScope::kEverything:
      checks->That(scope.everything(), "scope.everything", "must be true");
      return {.kind = StopKind::kEverything};
    case v1::StopScope::kApp:
      return ReadApp(scope.app(), checks);
    case v1::StopScope::kSessionId:
      return ReadId("scope.session_id", StopKind::kSession, scope.session_id(), checks);
    case v1::StopScope::kStreamerId:
      return ReadId("scope.streamer_id", StopKind::kStreamer, scope.streamer_id(), checks);
    case v1::StopScope::kGiftId:
      return ReadId("scope.gift_id", StopKind::kGift, scope.gift_id(), checks);
    case v1::StopScope::SCOPE_NOT_SET:
      break;
  }
  checks->That(false, "scope",
               "one of everything, app, session_id, streamer_id and gift_id must be set");
  return {};
}

template <typename MessageType>
std::optional<CallError> ConvertStop(const MessageType& message, StopAction action,
                                     StopRecord* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  request->action = action;
  request->scope = ReadScope(message.scope(), &checks);
  checks.Bytes("reason", message.reason(), 0, ReasonText::kSizeMax);
  SetText(message.reason(), &request->reason);
  return checks.TakeFault();
}

}  // namespace

std::optional<CallError> Convert(const v1::EmergencyStopRequest& message, StopRecord* request) {
  return ConvertStop(message, StopAction::kStop, request);
}

std::optional<CallError> Convert(const v1::LiftStopRequest& message, StopRecord* request) {
  return ConvertStop(message, StopAction::kLift, request);
}

void FillResponse(const StopRecord& record, const Entry&, RecordId,
                  v1::EmergencyStopResponse* out) {
  FillScope(record.scope, out->mutable_scope());
  SetUnixMs(record.start_time_ms, out->mutable_start_time());
}

void FillResponse(const StopRecord& record, const Entry&, RecordId, v1::LiftStopResponse* out) {
  FillScope(record.scope, out->mutable_scope());
  out->set_stopped(record.is_stopped);
  out->set_lift_approver(std::string(record.first_approver.view()));
}

void FillScope(const StopScope& scope, v1::StopScope* out) {
  switch (scope.kind) {
    case StopKind::kEverything:
      return out->set_everything(true);
    case StopKind::kApp:
      return out->set_app(std::string(scope.app.view()));
    case StopKind::kSession:
      return out->set_session_id(scope.id);
    case StopKind::kStreamer:
      return out->set_streamer_id(scope.id);
    case StopKind::kGift:
      return out->set_gift_id(scope.id);
  }
}

void FillStop(const Stop& stop, v1::Stop* out) {
  FillScope(stop.scope, out->mutable_scope());
  out->set_reason(std::string(stop.reason.view()));
  out->set_identity(std::string(stop.actor.view()));
  SetUnixMs(stop.start_time_ms, out->mutable_start_time());
  out->set_lift_approver(std::string(stop.lift_approver.view()));
}

}  // namespace tipgate

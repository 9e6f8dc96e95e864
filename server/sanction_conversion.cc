#include "server/sanction_conversion.h"

#include <string>

#include "server/request_fields.h"
#include "server/time_conversion.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

static_assert(static_cast<int>(SanctionKind::kBan) == v1::SANCTION_KIND_BAN);

template <typename MessageType>
void ReadCommon(const MessageType& message, SanctionAction action, FieldChecks* checks,
                SanctionRecord* request) {
  ReadKey(message.idempotency_key(), checks, &request->intent);
  checks->Id("streamer_id", message.streamer_id());
  checks->Bytes("reason", message.reason(), 1, ReasonText::kSizeMax);
  checks->Bytes("case_reference", message.case_reference(), 1, CaseName::kSizeMax);
  request->action = action;
  request->streamer = StreamerId(message.streamer_id());
  SetText(message.reason(), &request->reason);
  SetText(message.case_reference(), &request->case_name);
}

void ReadUntil(const v1::SanctionStreamerRequest& message, FieldChecks* checks,
               SanctionRecord* request) {
  const bool has_end = message.kind() == v1::SANCTION_KIND_SUSPEND_RECEIVING;
  checks->That(message.has_until_time() == has_end, "until_time",
               has_end ? "must be set" : "must be left out unless kind is SUSPEND_RECEIVING");
  if (has_end) request->until_ms = checks->TimeMs("until_time", message.until_time());
}

void ReadMute(const v1::SanctionStreamerRequest& message, FieldChecks* checks,
              SanctionRecord* request) {
  const bool is_mute = message.kind() == v1::SANCTION_KIND_MUTE;
  checks->That(message.has_mute_duration() == is_mute, "mute_duration",
               is_mute ? "must be set" : "must be left out unless kind is MUTE");
  if (!is_mute) return;
  request->mute_ms =
      checks->DurationMs("mute_duration", message.mute_duration(), kSecondMs, kSuspensionMaxMs);
}

}  // namespace

std::optional<CallError> Convert(const v1::SanctionStreamerRequest& message,
                                 SanctionRecord* request) {
  FieldChecks checks;
  ReadCommon(message, SanctionAction::kSanction, &checks, request);
  checks.That(
      v1::SanctionKind_IsValid(message.kind()) && message.kind() != v1::SANCTION_KIND_UNSPECIFIED,
      "kind", "must be WARN, SUSPEND_RECEIVING, MUTE or BAN");
  request->kind = static_cast<SanctionKind>(message.kind());
  ReadUntil(message, &checks, request);
  ReadMute(message, &checks, request);
  request->is_violation = message.violation();
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::LiftSanctionRequest& message, SanctionRecord* request) {
  FieldChecks checks;
  ReadCommon(message, SanctionAction::kLift, &checks, request);
  checks.Id("sanction_id", message.sanction_id());
  request->lifted = RecordId(message.sanction_id());
  return checks.TakeFault();
}

void FillResponse(const SanctionRecord& record, const Entry& entry, RecordId id,
                  v1::SanctionStreamerResponse* out) {
  out->set_streamer_id(record.streamer.value());
  FillSanction(record, entry, id, out->mutable_sanction());
  FillSuspension(record.suspended_until_ms, entry.moment.time_ms, out->mutable_suspension());
}

void FillResponse(const SanctionRecord& record, const Entry& entry, RecordId,
                  v1::LiftSanctionResponse* out) {
  out->set_streamer_id(record.streamer.value());
  out->set_sanction_id(record.lifted.value());
  FillSuspension(record.suspended_until_ms, entry.moment.time_ms, out->mutable_suspension());
}

void FillSanction(const SanctionRecord& record, const Entry& entry, RecordId id,
                  v1::Sanction* out) {
  out->set_sanction_id(id.value());
  out->set_kind(static_cast<v1::SanctionKind>(record.kind));
  out->set_violation(record.is_violation);
  out->set_reason(std::string(record.reason.view()));
  out->set_case_reference(std::string(record.case_name.view()));
  out->set_identity(std::string(record.actor.view()));
  SetUnixMs(entry.moment.time_ms, out->mutable_start_time());
  if (record.end_time_ms == 0) return;
  SetUnixMs(record.end_time_ms, out->mutable_end_time());
  SetUnixMs(record.resume_time_ms, out->mutable_resume_time());
}

void FillSuspension(int64_t until_ms, int64_t now_ms, v1::Suspension* out) {
  out->set_suspended(now_ms < until_ms);
  if (out->suspended() && until_ms != kNeverMs) SetUnixMs(until_ms, out->mutable_resume_time());
}

}  // namespace tipgate

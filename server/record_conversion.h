#pragma once

#include "absl/types/span.h"
#include "core/entry.h"
#include "core/record.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// From what the journal holds to what callers get. A fresh answer and its replay come out of the
// same function, fed with the same record: so they are the same bytes.

// `id` is the record's place in the entry; unset for a dry run. `out` is empty before.
void FillDecision(const TipRecord& tip, const Entry& entry, RecordId id, v1::TipDecision* out);
void FillDecision(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::RechargeDecision* out);
void FillRecharge(const Recharge& recharge, v1::Recharge* out);

// Of a record, or of a payer's controls.
template <typename PreferencesType>
void FillPreferences(const PreferencesType& preferences, v1::Preferences* out) {
  out->set_reminders(!preferences.has_reminders_off);
  out->set_public_display_allowed(preferences.allows_public_display);
}

// What the record tells of a tip: all of a rejected one, all but its later life of an accepted one.
void FillTip(const TipRecord& tip, const Entry& entry, RecordId id, v1::Tip* out);

void FillViolations(absl::Span<const Violation> violations,
                    google::protobuf::RepeatedPtrField<v1::Violation>* out);

// The answers to changes.
void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::AuthorizeRechargeResponse* out);
void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::CaptureRechargeResponse* out);
void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::VoidRechargeResponse* out);
void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::RefundRechargeResponse* out);
void FillResponse(const PayerRecord& record, const Entry& entry, RecordId id,
                  v1::PutPayerResponse* out);
void FillResponse(const PauseRecord& record, const Entry& entry, RecordId id,
                  v1::PausePayerResponse* out);
void FillResponse(const PreferencesRecord& record, const Entry& entry, RecordId id,
                  v1::SetPreferencesResponse* out);
void FillResponse(const SelfLimitsRecord& record, const Entry& entry, RecordId id,
                  v1::SetSelfLimitsResponse* out);
void FillResponse(const ConfirmationRecord& record, const Entry& entry, RecordId id,
                  v1::StartConfirmationResponse* out);
void FillResponse(const ConfirmationRecord& record, const Entry& entry, RecordId id,
                  v1::CompleteConfirmationResponse* out);
void FillResponse(const PayerFreezeRecord& record, const Entry& entry, RecordId id,
                  v1::FreezePayerResponse* out);
void FillResponse(const PayerFreezeRecord& record, const Entry& entry, RecordId id,
                  v1::UnfreezePayerResponse* out);
void FillResponse(const CoolingOffRecord& record, const Entry& entry, RecordId id,
                  v1::StartCoolingOffResponse* out);
void FillResponse(const StreamerRecord& record, const Entry& entry, RecordId id,
                  v1::PutStreamerResponse* out);
void FillResponse(const SessionRecord& record, const Entry& entry, RecordId id,
                  v1::OpenSessionResponse* out);
void FillResponse(const SessionRecord& record, const Entry& entry, RecordId id,
                  v1::CloseSessionResponse* out);

// Facts as they were put.
void FillFacts(const PayerRecord& record, v1::PayerFacts* out);
void FillFacts(const StreamerRecord& record, v1::StreamerFacts* out);

}  // namespace tipgate

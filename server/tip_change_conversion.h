#pragma once

#include <optional>

#include "core/decide_income.h"
#include "core/entry.h"
#include "core/record.h"
#include "core/totals.h"
#include "server/rpc.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// The later life of single tips between the contract and the core, as server/request_conversion.h
// and server/record_conversion.h say. Who asks is not part of a message.
std::optional<CallError> Convert(const v1::CaptureTipRequest& message, TipChangeRequest* request);
std::optional<CallError> Convert(const v1::VoidTipRequest& message, TipChangeRequest* request);
std::optional<CallError> Convert(const v1::RefundTipRequest& message, TipChangeRequest* request);

void FillResponse(const TipChangeRecord& record, const Entry& entry, RecordId id,
                  v1::CaptureTipResponse* out);
void FillResponse(const TipChangeRecord& record, const Entry& entry, RecordId id,
                  v1::VoidTipResponse* out);
void FillResponse(const TipChangeRecord& record, const Entry& entry, RecordId id,
                  v1::RefundTipResponse* out);

// What has become of a tip since it was accepted; the names of its cases stand elsewhere.
void FillTipLife(const Tip& tip, const Totals& totals, v1::Tip* out);

}  // namespace tipgate

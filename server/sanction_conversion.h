#pragma once

#include <optional>

#include "core/entry.h"
#include "core/record.h"
#include "server/rpc.h"
#include "tipgate/v1/sanction.pb.h"

namespace tipgate {

// Sanctions between the contract and the core, as server/request_conversion.h and
// server/record_conversion.h say. Who asks is not part of a message.
std::optional<CallError> Convert(const v1::SanctionStreamerRequest& message,
                                 SanctionRecord* request);
std::optional<CallError> Convert(const v1::LiftSanctionRequest& message, SanctionRecord* request);

void FillResponse(const SanctionRecord& record, const Entry& entry, RecordId id,
                  v1::SanctionStreamerResponse* out);
void FillResponse(const SanctionRecord& record, const Entry& entry, RecordId id,
                  v1::LiftSanctionResponse* out);

// Of the record that decided the sanction.
void FillSanction(const SanctionRecord& record, const Entry& entry, RecordId id, v1::Sanction* out);

// `until_ms` as in Streamer.
void FillSuspension(int64_t until_ms, int64_t now_ms, v1::Suspension* out);

}  // namespace tipgate

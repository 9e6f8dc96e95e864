#pragma once

#include <optional>

#include "core/entry.h"
#include "core/record.h"
#include "server/rpc.h"
#include "tipgate/v1/stop.pb.h"

namespace tipgate {

// Emergency stops between the contract and the core, as server/request_conversion.h and
// server/record_conversion.h say. Who asks is not part of a message.
std::optional<CallError> Convert(const v1::EmergencyStopRequest& message, StopRecord* request);
std::optional<CallError> Convert(const v1::LiftStopRequest& message, StopRecord* request);

void FillResponse(const StopRecord& record, const Entry& entry, RecordId id,
                  v1::EmergencyStopResponse* out);
void FillResponse(const StopRecord& record, const Entry& entry, RecordId id,
                  v1::LiftStopResponse* out);

void FillScope(const StopScope& scope, v1::StopScope* out);
void FillStop(const Stop& stop, v1::Stop* out);

}  // namespace tipgate

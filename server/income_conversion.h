#pragma once

#include <optional>

#include "core/decide_income.h"
#include "core/entry.h"
#include "core/income_job.h"
#include "core/record.h"
#include "server/rpc.h"
#include "tipgate/v1/income.pb.h"

namespace tipgate {

// Orders about income between the contract and the core, as server/request_conversion.h and
// server/record_conversion.h say. Who asks is not part of a message.
std::optional<CallError> Convert(const v1::FreezeIncomeRequest& message, IncomeJobRequest* request);
std::optional<CallError> Convert(const v1::ReleaseIncomeRequest& message,
                                 IncomeJobRequest* request);
std::optional<CallError> Convert(const v1::RefundTipsRequest& message, IncomeJobRequest* request);
std::optional<CallError> Convert(const v1::DelayIncomeRequest& message, ManualDelayRecord* request);
std::optional<CallError> Convert(const v1::GetIncomeJobRequest& message, RecordId* id);

void FillResponse(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                  v1::FreezeIncomeResponse* out);
void FillResponse(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                  v1::ReleaseIncomeResponse* out);
void FillResponse(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                  v1::RefundTipsResponse* out);
void FillResponse(const ManualDelayRecord& record, const Entry& entry, RecordId id,
                  v1::DelayIncomeResponse* out);

void FillIncomeScope(const IncomeScope& scope, v1::IncomeScope* out);
void FillIncomeJob(const IncomeJob& job, v1::IncomeJob* out);

}  // namespace tipgate

// What a verification has found, for people and for machines.
#pragma once

#include <string>

#include "cli/table.h"
#include "offline/verification_report.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {

// Adds what is counted and where the money is.
void AddTotals(const v1::Totals& totals, Record& record);

// The result of a verification that found nothing wrong.
std::string VerifiedText(const v1::VerifyJournalResponse& response);

// What was verified here, as the last message of a gate that verifies itself.
v1::VerifyJournalResponse ToProto(const VerificationReport& report);

}  // namespace tipgate

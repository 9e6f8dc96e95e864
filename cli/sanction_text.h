// Sanctions of streamers, in words.
#pragma once

#include "cli/table.h"
#include "tipgate/v1/sanction.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {

// Whether a streamer receives, and when again.
void AddSuspension(const v1::Suspension& suspension, Record& record);

// One line for each sanction in force; empty if there are none.
std::string SanctionsText(const v1::Streamer& streamer);

}  // namespace tipgate

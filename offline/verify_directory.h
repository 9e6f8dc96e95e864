#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "offline/verification_report.h"

namespace tipgate {

// Re-reads a whole data directory that no gate serves, and changes nothing in it: checksums, chain,
// order and time of the journal; every decision, made again; the money by state; that the journal
// reaches what HEAD marks; that the stored state, brought up to date, and the index of idempotency
// keys are what the journal leads to. On one thread; wants 150 bytes of memory a payer.
//
// DATA_LOSS is the first fault, with its place and what to do. NOT_FOUND, FAILED_PRECONDITION:
// there is no data directory, or a process has it.
absl::StatusOr<VerificationReport> VerifyDirectory(const std::string& path,
                                                   VerificationProgress progress);

}  // namespace tipgate

#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/journal.h"
#include "offline/verification_report.h"
#include "storage/database.h"

namespace tipgate {

// VerifyDirectory of an open database. `check_reaches` says whether its journal reaches as far as
// somebody knows.
using JournalCheck = absl::FunctionRef<absl::Status(const Journal& journal)>;
absl::StatusOr<VerificationReport> VerifyDatabase(const Database& database,
                                                  JournalCheck check_reaches,
                                                  VerificationProgress progress);

}  // namespace tipgate

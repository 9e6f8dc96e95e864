#pragma once

#include "absl/status/statusor.h"
#include "core/command.h"
#include "core/income_job.h"
#include "core/journal.h"
#include "core/state_store.h"

namespace tipgate {

// The next step of an open job: reads the journal from where the job goes on, until it has found as
// many tips in its scope as a step may have, or has read enough for once. DATA_LOSS if bytes are
// damaged.
absl::StatusOr<IncomeStepCommand> CollectIncomeStep(const Journal& journal, const StateStore& store,
                                                    const IncomeJob& job);

}  // namespace tipgate

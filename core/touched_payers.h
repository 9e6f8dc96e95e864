#pragma once

#include "absl/functional/function_ref.h"
#include "core/command.h"
#include "core/entry.h"
#include "core/ids.h"
#include "core/state.h"

namespace tipgate {

using PayerVisitor = absl::FunctionRef<void(PayerId)>;

// Visits each payer whom a command looks at or changes, some of them twice. Without a `state`,
// which is the sequencer's, only those whom the command itself names.
void ForEachPayer(const Command& command, const State* state, PayerVisitor visit);

// Visits the payer whom the fold of a record looks at or changes.
void ForEachPayer(const Entry& entry, const Record& record, PayerVisitor visit);

}  // namespace tipgate

#pragma once

#include "core/entry.h"
#include "core/state.h"
#include "core/tip_parties.h"

namespace tipgate {

// The one function that turns the journal into state: the sequencer uses it on what it has just
// decided, recovery on what was stored, verification on what was re-read. It never decides: it
// moves the amounts that the record says.
//
// An entity that already contains the record (its `changed` is this record or a later one) is left
// as it is, so that stored state may be newer than the entry from which recovery starts.
//
// Invariants, asserted: no total turns negative; totals become what the record says; money by state
// sums to the money accepted.
void FoldRecord(const Entry& entry, size_t position, State* state);

// The same for a tip whose parties were found already.
void FoldTip(const Entry& entry, size_t position, const TipRecord& tip, const TipParties& parties,
             State* state);

// FoldRecord for every record of the entry.
void FoldEntry(const Entry& entry, State* state);

}  // namespace tipgate

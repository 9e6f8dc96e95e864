#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "core/journal.h"
#include "core/state_store.h"
#include "core/tip.h"

namespace tipgate {

// The tip with this id as its record tells it, as if nothing had happened to it since. Nothing if
// no accepted tip has this id. DATA_LOSS if bytes are damaged.
absl::StatusOr<std::optional<Tip>> TipInJournal(const Journal& journal, RecordId id);

// The same where its entry was read already.
std::optional<Tip> TipInEntry(const Entry& entry, RecordId id);

// The same as far as the store knows what has become of it. The state may know better.
absl::StatusOr<std::optional<Tip>> LookUpTip(const Journal& journal, const StateStore& store,
                                             RecordId id);

}  // namespace tipgate

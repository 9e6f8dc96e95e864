#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "core/command.h"
#include "core/payer.h"
#include "core/resident_filter.h"
#include "core/state_store.h"

namespace tipgate {

// What the store knew of one payer; nothing: they are not registered.
struct PayerLookUp {
  PayerId id;
  std::optional<Payer> found;
};

// What the store knew of the payers that a command touches, as far as they may not be in memory.
struct PayerLookUps {
  std::vector<PayerLookUp> done;  // ascending
  // Told by the sequencer: must be looked up, whatever the filter says.
  std::vector<PayerId> missing;

  const PayerLookUp* Find(PayerId id) const;
};

// Looks payers up anew, before the command enters the ring: the missing ones, and those that the
// command names and the filter says are cold.
absl::Status LookUpPayers(const Command& command, const ResidentFilter& residents,
                          const StateStore& store, PayerLookUps* look_ups);

// Makes `ids` ascending, each once.
void SortOnce(std::vector<PayerId>* ids);

}  // namespace tipgate

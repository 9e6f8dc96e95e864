#include "core/payer_look_ups.h"

#include <algorithm>
#include <utility>

#include "core/touched_payers.h"

namespace tipgate {

const PayerLookUp* PayerLookUps::Find(PayerId id) const {
  const auto it = std::lower_bound(
      done.begin(), done.end(), id,
      [](const PayerLookUp& look_up, PayerId other) { return look_up.id < other; });
  return it == done.end() || it->id != id ? nullptr : &*it;
}

absl::Status LookUpPayers(const Command& command, const ResidentFilter& residents,
                          const StateStore& store, PayerLookUps* look_ups) {
  look_ups->done.clear();
  if (look_ups->missing.empty() && !residents.has_cold()) return absl::OkStatus();
  std::vector<PayerId> ids = look_ups->missing;
  if (residents.has_cold()) {
    ForEachPayer(command, nullptr, [&](PayerId id) {
      if (!residents.MayContain(id)) ids.push_back(id);
    });
  }
  SortOnce(&ids);
  for (const PayerId id : ids) {
    absl::StatusOr<std::optional<Payer>> found = store.FindPayer(id);
    if (!found.ok()) return found.status();
    look_ups->done.push_back({.id = id, .found = *std::move(found)});
  }
  return absl::OkStatus();
}

void SortOnce(std::vector<PayerId>* ids) {
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

}  // namespace tipgate

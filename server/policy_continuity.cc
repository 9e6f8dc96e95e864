#include "server/policy_continuity.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/totals.h"
#include "server/duration_text.h"

namespace tipgate {
namespace {

// The file is well by itself: it does not fit what is there.
absl::Status Misfit(const std::string& path, absl::string_view expected, absl::string_view found,
                    const YamlLocations& locations) {
  return absl::FailedPreconditionError(locations.ErrorAt(path, expected, found).message());
}

// For one of the texts that stay as long as the data directory does; `use` says why.
absl::Status CheckStays(const char* field, const std::string& before, const std::string& now,
                        absl::string_view use, const YamlLocations& locations) {
  if (now == before) return absl::OkStatus();
  return Misfit(field,
                absl::StrCat(before, ", in which the ", use, " of this data directory are counted"),
                now, locations);
}

struct SettleDelay {
  std::string path;
  int64_t delay_ms;
};

// Those of the policy, in the order of its file.
std::vector<SettleDelay> SettleDelaysOf(const Policy& policy) {
  std::vector<SettleDelay> delays;
  int index = 0;
  for (const Tier& tier : policy.tiers) {
    delays.push_back({ItemPath("tiers", index++), tier.settle_delay_ms});
  }
  index = 0;
  for (const SettleDelayClass& delay_class : policy.settle_delays) {
    delays.push_back({ItemPath("settle_delays", index++), delay_class.settle_delay_ms});
  }
  return delays;
}

absl::Status CheckSettleDelays(const Totals& totals, const Policy& policy,
                               const YamlLocations& locations) {
  std::set<int64_t> known_ms;
  for (const SettleCursor& cursor : totals.cursors) known_ms.insert(cursor.delay_ms);
  for (const SettleDelay& delay : SettleDelaysOf(policy)) {
    known_ms.insert(delay.delay_ms);
    if (known_ms.size() <= kSettleCursorsMax) continue;
    return Misfit(FieldPath(delay.path, "settle_delay"),
                  absl::StrCat("a delay that this data directory has had: its policies may have ",
                               kSettleCursorsMax, " different ones"),
                  DurationText(delay.delay_ms), locations);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPolicyContinuity(const State& state, const Policy& policy,
                                   const YamlLocations& locations) {
  absl::Status status;
  if (const Policy* before = state.policy.get(); before != nullptr) {
    status.Update(CheckStays("currency", before->currency, policy.currency, "amounts", locations));
    status.Update(CheckStays("time_zone", before->time_zone, policy.time_zone, "days", locations));
  }
  status.Update(CheckSettleDelays(state.totals, policy, locations));
  return status;
}

}  // namespace tipgate

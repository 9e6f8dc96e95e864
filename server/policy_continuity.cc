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

absl::Status CheckTimeZone(const Policy& before, const Policy& policy,
                           const YamlLocations& locations) {
  if (policy.time_zone == before.time_zone) return absl::OkStatus();
  return Misfit(
      "time_zone",
      absl::StrCat(before.time_zone, ", in which the days of this data directory are counted"),
      policy.time_zone, locations);
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
  if (state.policy != nullptr) status.Update(CheckTimeZone(*state.policy, policy, locations));
  status.Update(CheckSettleDelays(state.totals, policy, locations));
  return status;
}

}  // namespace tipgate

#include "server/policy_continuity.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/policy_continuity.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

// For one of the texts that stay as long as the data directory does; `use` says why.
void AddStays(const char* field, const std::string& before, const std::string& now,
              absl::string_view use, FieldFaults* faults) {
  faults->Add(field,
              absl::StrCat(before, ", in which the ", use, " of this data directory are counted"),
              now);
}

void AddDelay(const char* list, size_t index, int64_t delay_ms, FieldFaults* faults) {
  faults->Add(FieldPath(ItemPath(list, static_cast<int>(index)), "settle_delay"),
              absl::StrCat("whole days, or a delay that this data directory has had: its policies "
                           "may have ",
                           kPolicyDelaysMax, " other ones"),
              DurationText(delay_ms));
}

}  // namespace

void CheckPolicyContinuity(const Policy* before, absl::Span<const SettleCursor> cursors,
                           const Policy& policy, FieldFaults* faults) {
  for (const PolicyMisfit& misfit : FindPolicyMisfits(before, cursors, policy)) {
    switch (misfit.kind) {
      case PolicyMisfitKind::kCurrency:
        AddStays("currency", before->currency, policy.currency, "amounts", faults);
        break;
      case PolicyMisfitKind::kTimeZone:
        AddStays("time_zone", before->time_zone, policy.time_zone, "days", faults);
        break;
      case PolicyMisfitKind::kTierDelay:
        AddDelay("tiers", misfit.index, policy.tiers[misfit.index].settle_delay_ms, faults);
        break;
      case PolicyMisfitKind::kDelayClass:
        AddDelay("settle_delays", misfit.index, policy.settle_delays[misfit.index].settle_delay_ms,
                 faults);
        break;
    }
  }
}

absl::Status CheckPolicyContinuity(const State& state, const Policy& policy,
                                   const YamlLocations& locations) {
  FieldFaults faults(&locations);
  CheckPolicyContinuity(state.policy.get(), state.totals.cursors, policy, &faults);
  if (faults.is_empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(faults.First().message());
}

}  // namespace tipgate

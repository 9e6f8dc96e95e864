#include "core/policy_continuity.h"

#include <set>

namespace tipgate {
namespace {

// Counts the settle delays that a journal has had and would have.
class DelayCount {
 public:
  explicit DelayCount(absl::Span<const SettleCursor> cursors) {
    for (const SettleCursor& cursor : cursors) HasRoomFor(cursor.delay_ms);
  }

  // False for the one that is too many, and for those after it.
  bool HasRoomFor(int64_t delay_ms) {
    if (IsInWholeDays(delay_ms) || !known_ms_.insert(delay_ms).second) return true;
    return known_ms_.size() <= kPolicyDelaysMax;
  }

 private:
  std::set<int64_t> known_ms_;
};

// The first one alone: those after it would fit without it.
void FindDelayMisfit(absl::Span<const SettleCursor> cursors, const Policy& policy,
                     std::vector<PolicyMisfit>* misfits) {
  DelayCount count(cursors);
  for (size_t i = 0; i < policy.tiers.size(); ++i) {
    if (count.HasRoomFor(policy.tiers[i].settle_delay_ms)) continue;
    return misfits->push_back({.kind = PolicyMisfitKind::kTierDelay, .index = i});
  }
  for (size_t i = 0; i < policy.settle_delays.size(); ++i) {
    if (count.HasRoomFor(policy.settle_delays[i].settle_delay_ms)) continue;
    return misfits->push_back({.kind = PolicyMisfitKind::kDelayClass, .index = i});
  }
}

}  // namespace

std::vector<PolicyMisfit> FindPolicyMisfits(const Policy* before,
                                            absl::Span<const SettleCursor> cursors,
                                            const Policy& policy) {
  std::vector<PolicyMisfit> misfits;
  if (before != nullptr && before->currency != policy.currency) {
    misfits.push_back({.kind = PolicyMisfitKind::kCurrency});
  }
  if (before != nullptr && before->time_zone != policy.time_zone) {
    misfits.push_back({.kind = PolicyMisfitKind::kTimeZone});
  }
  FindDelayMisfit(cursors, policy, &misfits);
  return misfits;
}

}  // namespace tipgate

#include "tests/crash/limit_sums.h"

#include <variant>

#include "tests/crash/platform.h"

namespace tipgate::crash {

void LimitSums::Add(const Entry& entry) {
  for (const Record& record : entry.records) {
    if (const auto* tip = std::get_if<TipRecord>(&record)) AddTip(*tip);
    if (const auto* change = std::get_if<TipChangeRecord>(&record)) {
      AddChange(*change, entry.View(change->after).front());
    }
  }
}

void LimitSums::AddTip(const TipRecord& tip) {
  if (!tip.is_accepted()) return;
  const int64_t amount = tip.request.amount().minor();
  const int64_t of_payer = payers_minor_[tip.request.payer] += amount;
  const int64_t of_session = sessions_minor_[tip.request.session] += amount;
  const bool is_over = amount > policy_.tip_max || of_payer > policy_.day_limit ||
                       of_payer > policy_.month_limit ||
                       of_session > policy_.tiers[0].session_received_max ||
                       !IsKnownPayer(tip.request.payer.value());
  if (is_over) ++over_limit_count_;
}

void LimitSums::AddChange(const TipChangeRecord& change, const Tip& after) {
  payers_minor_[after.payer] -= change.headroom.minor();
  sessions_minor_[after.session] -= change.headroom.minor();
  if (after.left() < Money()) ++over_limit_count_;
}

}  // namespace tipgate::crash

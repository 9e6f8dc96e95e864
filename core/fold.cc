#include "core/fold.h"

#include <variant>

#include "core/folder.h"

namespace tipgate {
namespace {

void CheckTotals(const Totals& totals) {
  TIPGATE_CHECK(totals.recharge_held.minor() >= 0);
  TIPGATE_CHECK(totals.recharge_expired.minor() >= 0);
  TIPGATE_CHECK(totals.recharge_refunded <= totals.recharge_captured);
  TIPGATE_CHECK(totals.balances.minor() >= 0);
  TIPGATE_CHECK(totals.accepted == totals.tips.accepted());
  TIPGATE_CHECK(totals.recharge_authorized == totals.recharge_held + totals.recharge_captured +
                                                  totals.recharge_voided + totals.recharge_expired);
}

}  // namespace

void FoldRecord(const Entry& entry, size_t position, State* state) {
  std::visit(Folder(entry, position, state), entry.records[position]);
  CheckTotals(state->totals);
}

void FoldTip(const Entry& entry, size_t position, const TipRecord& tip, const TipParties& parties,
             State* state) {
  Folder(entry, position, state).FoldTip(tip, parties);
  CheckTotals(state->totals);
}

void FoldEntry(const Entry& entry, State* state) {
  for (size_t position = 0; position < entry.records.size(); ++position) {
    FoldRecord(entry, position, state);
  }
}

}  // namespace tipgate

#include "tests/simulation/order_book.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tipgate::simulation {
namespace {

oracle::IncomeKind ToOracle(IncomeScopeKind kind) {
  switch (kind) {
    case IncomeScopeKind::kTip:
      return oracle::IncomeKind::kTip;
    case IncomeScopeKind::kSession:
      return oracle::IncomeKind::kSession;
    case IncomeScopeKind::kStreamer:
      return oracle::IncomeKind::kStreamer;
    case IncomeScopeKind::kAgency:
      return oracle::IncomeKind::kAgency;
    case IncomeScopeKind::kCase:
      return oracle::IncomeKind::kCase;
    case IncomeScopeKind::kPayer:
      return oracle::IncomeKind::kPayer;
    case IncomeScopeKind::kEverything:
      break;
  }
  return oracle::IncomeKind::kEverything;
}

oracle::IncomeOrder ToOracle(const IncomeJobRecord& record, const Entry& entry) {
  return {.action = static_cast<oracle::OrderAction>(static_cast<int>(record.action) - 1),
          .scope = {.kind = ToOracle(record.scope.kind),
                    .id = record.scope.id,
                    .start_ms = record.scope.start_time_ms,
                    .end_ms = record.scope.end_time_ms},
          .case_reference = std::string(entry.View(record.note).front().case_name.view()),
          .permille = record.permille};
}

TipAction ActionOf(oracle::OrderAction action) {
  static constexpr TipAction kActions[] = {TipAction::kFreeze, TipAction::kRelease,
                                           TipAction::kRefund};
  return kActions[static_cast<int>(action)];
}

// True if an order has no business any more with a tip that another, or it itself, has changed.
bool IsDoneWith(const oracle::IncomeOrder& order, const oracle::IncomeOrder& changed_by) {
  const bool is_freeze = order.action == oracle::OrderAction::kFreeze;
  switch (changed_by.action) {
    case oracle::OrderAction::kFreeze:
      return is_freeze && order.case_reference == changed_by.case_reference;
    case oracle::OrderAction::kRelease:
      return !is_freeze;
    case oracle::OrderAction::kRefund:
      break;
  }
  return true;
}

}  // namespace

void OrderBook::Begin(const differ::RecordPlace& place, oracle::Oracle* oracle) {
  const auto& record = std::get<IncomeJobRecord>(place.record);
  const int64_t time_ms = place.entry.moment.time_ms;
  Order order;
  order.order = ToOracle(record, place.entry);
  const std::vector<int64_t> changed = oracle->TipsOfOrder(time_ms, order.order);
  order.missing.insert(changed.begin(), changed.end());
  order.named = order.missing;
  // What its case holds already, it freezes anew if an earlier order of the case releases it.
  oracle::IncomeOrder of_case = order.order;
  of_case.action = oracle::OrderAction::kRelease;
  const std::vector<int64_t> held = oracle->TipsOfOrder(time_ms, of_case);
  order.named.insert(held.begin(), held.end());
  orders_.emplace(place.id, std::move(order));
}

std::string OrderBook::Change(const differ::RecordPlace& place, oracle::Oracle* oracle) {
  const auto& change = std::get<TipChangeRecord>(place.record);
  const RecordId tip_id = place.entry.View(change.after).front().id;
  const auto it = orders_.find(change.job);
  if (it == orders_.end()) return absl::StrCat("no order ", change.job.value(), " is open");
  Order& order = it->second;
  const std::string what =
      absl::StrCat("order ", change.job.value(), ", tip ", tip_id.value(), ": ");
  if (change.action != ActionOf(order.order.action)) return what + "is not what was ordered";
  if (tip_id >= change.job) return what + "was accepted after the order";
  if (order.changed.contains(tip_id.value())) return what + "was changed twice";
  const bool is_freeze = order.order.action == oracle::OrderAction::kFreeze;
  if (is_freeze && !order.named.contains(tip_id.value())) {
    return what + "was not pending when the order was given";
  }
  const oracle::IncomeResult done =
      oracle->CarryOut(place.entry.moment.time_ms, order.order, tip_id.value());
  if (done.error != oracle::ErrorReason::kNone) return what + "is not to be changed";
  if (done.amount != change.amount.minor()) return what + "another amount";
  order.count += done.count;
  order.amount += done.amount;
  for (auto& [id, other] : orders_) {
    if (IsDoneWith(other.order, order.order)) other.missing.erase(tip_id.value());
  }
  order.changed.insert(tip_id.value());
  return "";
}

void OrderBook::NoteOtherChange(int64_t tip_id) {
  for (auto& [id, order] : orders_) order.missing.erase(tip_id);
}

std::string OrderBook::EndStep(const IncomeStepRecord& step) {
  const auto it = orders_.find(step.job);
  const std::string what = absl::StrCat("order ", step.job.value(), ": ");
  if (it == orders_.end()) return what + "a step of one that is not open";
  Order& order = it->second;
  const int64_t count = std::exchange(order.count, 0);
  const int64_t amount = std::exchange(order.amount, 0);
  if (step.tips_count != count || step.amount.minor() != amount) {
    return absl::StrCat(what, "a step tells ", step.tips_count, " tips and ", step.amount.minor(),
                        ", changed were ", count, " and ", amount);
  }
  if (!step.is_done) return "";
  if (!order.missing.empty()) {
    return absl::StrCat(what, "is done without tip ", *order.missing.begin());
  }
  orders_.erase(it);
  return "";
}

}  // namespace tipgate::simulation

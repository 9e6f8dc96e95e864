#include "core/touched_payers.h"

#include <variant>

#include "core/decide_income.h"

namespace tipgate {
namespace {

class CommandPayers {
 public:
  CommandPayers(const State* state, PayerVisitor visit) : state_(state), visit_(visit) {}

  void operator()(const TipsCommand& command) {
    for (const TipRequest& request : command.requests) visit_(request.payer);
  }
  void operator()(const PayerVisit& visit) { visit_(visit.id); }
  void operator()(const HistoryVisit& visit) {
    if (const auto* payer = std::get_if<PayerId>(&visit.of)) visit_(*payer);
  }
  void operator()(const StreamerCommand&) {}  // its payer is only a name

  void operator()(const RechargeChangeCommand& command) { Recharge(command.request.recharge, {}); }
  void operator()(const RechargeRefundCommand& command) {
    Recharge(command.request.recharge, command.request.looked_up);
  }

  void operator()(const TipChangeCommand& command) {
    OfTip(command.request.tip, command.request.looked_up);
  }
  // Freezes move no money of a payer.
  void operator()(const IncomeJobCommand& command) {
    const IncomeJobRequest& request = command.request;
    const bool is_of_tip = request.scope.kind == IncomeScopeKind::kTip;
    if (!is_of_tip || request.action != IncomeAction::kRefund) return;
    OfTip(RecordId(request.scope.id), request.looked_up);
  }
  void operator()(const IncomeStepCommand& command) {
    const IncomeJob* const job =
        state_ == nullptr ? nullptr : state_->income_jobs.Find(command.job);
    if (job == nullptr || job->is_done() || job->action != IncomeAction::kRefund) return;
    if (job->is_in_journal) return OfTips(command.tips);
    OfTips(FrozenStepOf(*state_, *job).tips);
  }

  // Those whose request names a payer.
  template <typename CommandType>
  void operator()(const CommandType& command) {
    if constexpr (requires { PayerId(command.request.payer); }) visit_(command.request.payer);
  }

 private:
  void Recharge(RecordId id, const std::optional<tipgate::Recharge>& looked_up) {
    const tipgate::Recharge* const known = state_ == nullptr ? nullptr : state_->recharges.Find(id);
    if (known != nullptr) {
      visit_(known->payer);
    } else if (looked_up.has_value()) {
      visit_(looked_up->payer);
    }
  }

  void OfTip(RecordId id, const std::optional<Tip>& looked_up) {
    const Tip* const known = state_ == nullptr ? nullptr : state_->tips.Find(id);
    if (known != nullptr) {
      visit_(known->payer);
    } else if (looked_up.has_value()) {
      visit_(looked_up->payer);
    }
  }

  void OfTips(const std::vector<Tip>& tips) {
    for (const Tip& tip : tips) visit_(tip.payer);
  }

  const State* state_;
  PayerVisitor visit_;
};

class RecordPayers {
 public:
  RecordPayers(const Entry& entry, PayerVisitor visit) : entry_(entry), visit_(visit) {}

  void operator()(const TipRecord& record) { visit_(record.request.payer); }
  void operator()(const TipChangeRecord& record) {
    visit_(entry_.View(record.after).front().payer);
  }
  void operator()(const StreamerRecord&) {}  // its payer is only a name

  template <typename RecordType>
  void operator()(const RecordType& record) {
    if constexpr (requires { PayerId(record.payer); }) visit_(record.payer);
  }

 private:
  const Entry& entry_;
  PayerVisitor visit_;
};

}  // namespace

void ForEachPayer(const Command& command, const State* state, PayerVisitor visit) {
  std::visit(CommandPayers(state, visit), command);
}

void ForEachPayer(const Entry& entry, const Record& record, PayerVisitor visit) {
  std::visit(RecordPayers(entry, visit), record);
}

}  // namespace tipgate

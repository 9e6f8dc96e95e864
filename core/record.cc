#include "core/record.h"

namespace tipgate {
namespace {

struct IntentVisitor {
  const Intent* operator()(const TipRecord& tip) const { return &tip.request.intent; }
  const Intent* operator()(const RechargeRecord& recharge) const {
    return recharge.action == RechargeAction::kExpire ? nullptr : &recharge.intent;
  }
  const Intent* operator()(const PayerRecord& payer) const { return &payer.intent; }
  const Intent* operator()(const StreamerRecord& streamer) const { return &streamer.intent; }
  const Intent* operator()(const SessionRecord& session) const { return &session.intent; }
  const Intent* operator()(const SettlementRecord&) const { return nullptr; }
  const Intent* operator()(const PolicyRecord&) const { return nullptr; }
  const Intent* operator()(const CatalogRecord&) const { return nullptr; }
  const Intent* operator()(const PauseRecord& pause) const { return &pause.intent; }
  const Intent* operator()(const SelfLimitsRecord& limits) const { return &limits.intent; }
  const Intent* operator()(const ConfirmationRecord& record) const { return &record.intent; }
  const Intent* operator()(const CoolingOffRecord& record) const { return &record.intent; }
  const Intent* operator()(const PayerFreezeRecord& freeze) const { return &freeze.intent; }
};

}  // namespace

const Intent* IntentOf(const Record& record) { return std::visit(IntentVisitor(), record); }

}  // namespace tipgate

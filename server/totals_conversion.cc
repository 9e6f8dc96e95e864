#include "server/totals_conversion.h"

namespace tipgate {

v1::Totals ToProto(const Totals& totals, const EntityCounts& counts) {
  v1::Totals proto;
  proto.set_tips_accepted_count(totals.tips_accepted_count);
  proto.set_tips_rejected_count(totals.tips_rejected_count);
  proto.set_accepted_minor(totals.accepted.minor());
  proto.set_pending_minor(totals.tips.pending.minor());
  proto.set_settled_minor(totals.tips.settled.minor());
  proto.set_held_minor(totals.tips.held.minor());
  proto.set_frozen_minor(totals.tips.frozen.minor());
  proto.set_voided_minor(totals.tips.voided.minor());
  proto.set_refunded_minor(totals.tips.refunded.minor());
  proto.set_reminders_count(totals.reminders_count);
  proto.set_recharge_authorized_minor(totals.recharge_authorized.minor());
  proto.set_recharge_held_minor(totals.recharge_held.minor());
  proto.set_recharge_captured_minor(totals.recharge_captured.minor());
  proto.set_recharge_voided_minor(totals.recharge_voided.minor());
  proto.set_recharge_expired_minor(totals.recharge_expired.minor());
  proto.set_recharge_refunded_minor(totals.recharge_refunded.minor());
  proto.set_balances_minor(totals.balances.minor());
  proto.set_payers_count(counts.payers);
  proto.set_streamers_count(counts.streamers);
  proto.set_sessions_count(counts.sessions);
  return proto;
}

}  // namespace tipgate

#include "tests/crash/proto_requests.h"

namespace tipgate::crash {
namespace {

v1::AgeBand ToProto(oracle::AgeBand band) { return static_cast<v1::AgeBand>(band); }
static_assert(static_cast<int>(oracle::AgeBand::kAdult) == static_cast<int>(v1::AGE_BAND_ADULT));

google::protobuf::Duration ToDuration(int64_t ms) {
  google::protobuf::Duration duration;
  duration.set_seconds(ms / 1'000);
  duration.set_nanos(static_cast<int32_t>(ms % 1'000 * 1'000'000));
  return duration;
}

}  // namespace

v1::TipIntent ToProto(const oracle::TipRequest& request) {
  v1::TipIntent intent;
  intent.set_idempotency_key(request.idempotency_key);
  intent.set_payer_id(request.payer_id);
  intent.set_streamer_id(request.streamer_id);
  intent.set_session_id(request.session_id);
  intent.set_gift_id(request.gift_id);
  intent.set_unit_price_minor(request.unit_price);
  intent.set_count(static_cast<int32_t>(request.count));
  intent.set_hold(request.hold);
  if (request.hold_ttl_ms) *intent.mutable_hold_ttl() = ToDuration(*request.hold_ttl_ms);
  return intent;
}

v1::CaptureTipRequest ToProto(const oracle::CaptureTipRequest& request) {
  v1::CaptureTipRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_tip_id(request.tip_id);
  if (request.amount) proto.set_amount_minor(*request.amount);
  return proto;
}

v1::VoidTipRequest ToProto(const oracle::VoidTipRequest& request) {
  v1::VoidTipRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_tip_id(request.tip_id);
  return proto;
}

v1::RefundTipRequest ToProto(const oracle::RefundTipRequest& request) {
  v1::RefundTipRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_tip_id(request.tip_id);
  if (request.amount) proto.set_amount_minor(*request.amount);
  if (request.permille) proto.set_permille(static_cast<int32_t>(*request.permille));
  proto.set_reason(request.reason);
  proto.set_case_reference(request.case_reference);
  return proto;
}

v1::AuthorizeRechargeRequest ToProto(const oracle::AuthorizeRechargeRequest& request) {
  v1::AuthorizeRechargeRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_payer_id(request.payer_id);
  proto.set_amount_minor(request.amount);
  if (request.hold_ms) *proto.mutable_hold_duration() = ToDuration(*request.hold_ms);
  return proto;
}

v1::CaptureRechargeRequest ToProto(const oracle::CaptureRechargeRequest& request) {
  v1::CaptureRechargeRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_recharge_id(request.recharge_id);
  return proto;
}

v1::VoidRechargeRequest ToProto(const oracle::VoidRechargeRequest& request) {
  v1::VoidRechargeRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_recharge_id(request.recharge_id);
  return proto;
}

v1::PutPayerRequest ToProto(const oracle::PutPayerRequest& request) {
  v1::PutPayerRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_payer_id(request.payer_id);
  proto.mutable_facts()->set_real_name_verified(request.facts.real_name_verified);
  proto.mutable_facts()->set_age_band(ToProto(request.facts.age_band));
  return proto;
}

v1::PutStreamerRequest ToProto(const oracle::PutStreamerRequest& request) {
  v1::PutStreamerRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_streamer_id(request.streamer_id);
  proto.mutable_facts()->set_real_name_verified(request.facts.real_name_verified);
  proto.mutable_facts()->set_age_band(ToProto(request.facts.age_band));
  proto.mutable_facts()->set_tier(request.facts.tier);
  return proto;
}

v1::OpenSessionRequest ToProto(const oracle::OpenSessionRequest& request) {
  v1::OpenSessionRequest proto;
  proto.set_idempotency_key(request.idempotency_key);
  proto.set_session_id(request.session_id);
  proto.set_streamer_id(request.streamer_id);
  return proto;
}

}  // namespace tipgate::crash

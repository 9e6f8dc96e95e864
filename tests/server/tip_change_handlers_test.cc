// CaptureTip, VoidTip and RefundTip: what each answers, how it replays, and what GetTip shows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/settlement.h"
#include "server/tip_change_conversion.h"
#include "tests/server/handlers_fixture.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

class TipChangeHandlers : public HandlersFixture {
 protected:
  int64_t Hold(const std::string& key, int64_t seconds = 30) {
    v1::AuthorizeTipRequest request;
    Fill(key, 5, request.mutable_tip());
    request.mutable_tip()->set_hold(true);
    request.mutable_tip()->mutable_hold_ttl()->set_seconds(seconds);
    const auto called = gate_.Call<v1::AuthorizeTipResponse>(gate_.handlers.authorize_tip, request);
    EXPECT_EQ(called.response.decision().expire_time().seconds(), now_s() + seconds);
    EXPECT_FALSE(called.response.decision().has_settle_time());
    return called.response.decision().tip_id();
  }

  Called<v1::CaptureTipResponse> CaptureTip(const std::string& key, int64_t tip_id,
                                            int64_t amount_minor = 0) {
    v1::CaptureTipRequest request;
    request.set_idempotency_key(key);
    request.set_tip_id(tip_id);
    if (amount_minor != 0) request.set_amount_minor(amount_minor);
    return gate_.Call<v1::CaptureTipResponse>(gate_.handlers.capture_tip, request);
  }

  Called<v1::VoidTipResponse> VoidTip(const std::string& key, int64_t tip_id) {
    v1::VoidTipRequest request;
    request.set_idempotency_key(key);
    request.set_tip_id(tip_id);
    return gate_.Call<v1::VoidTipResponse>(gate_.handlers.void_tip, request);
  }

  static v1::RefundTipRequest RefundOf(const std::string& key, int64_t tip_id,
                                       int64_t amount_minor) {
    v1::RefundTipRequest request;
    request.set_idempotency_key(key);
    request.set_tip_id(tip_id);
    request.set_amount_minor(amount_minor);
    request.set_case_reference("case-1");
    request.set_reason("fraud");
    return request;
  }

  Called<v1::RefundTipResponse> Refund(const v1::RefundTipRequest& request) {
    return gate_.Call<v1::RefundTipResponse>(gate_.handlers.refund_tip, request);
  }

  int64_t AcceptedTip(const std::string& key) { return Tip(key).response.decision().tip_id(); }

  int64_t now_s() const { return gate_.clock.now_ms() / 1000; }
};

TEST_F(TipChangeHandlers, L2ACaptureOfLessReleasesTheRemainderAndReplays) {
  const int64_t id = Hold("a");
  EXPECT_EQ(GetTip(id).response.tip().state(), v1::TIP_STATE_HELD);
  EXPECT_TRUE(GetTip(id).response.tip().intent().hold());
  const auto captured = CaptureTip("b", id, 20'000);
  const v1::TipChange& change = captured.response.change();
  EXPECT_EQ(change.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(change.state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(change.amount_minor(), 20'000);
  EXPECT_EQ(change.left_minor(), 20'000);
  EXPECT_EQ(change.released_minor(), 30'000);
  EXPECT_EQ(change.settle_time().seconds(), now_s() + 86'400);
  gate_.clock.Advance(absl::Seconds(1));
  EXPECT_EQ(CaptureTip("b", id, 20'000).bytes, captured.bytes);
  EXPECT_EQ(CaptureTip("b", id, 20'001).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(CaptureTip("c", id).reason(), ErrorReason::kWrongState);
  const v1::Tip tip = GetTip(id).response.tip();
  EXPECT_EQ(tip.state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(tip.left_minor(), 20'000);
  EXPECT_EQ(tip.released_minor(), 30'000);
  EXPECT_EQ(tip.settle_time().seconds(), change.settle_time().seconds());
  EXPECT_EQ(tip.streamer_share_minor(), 0) << "nothing has settled";
}

TEST_F(TipChangeHandlers, L2NoMoreThanIsHeldIsCaptured) {
  const int64_t id = Hold("a");
  EXPECT_EQ(CaptureTip("b", id, 50'001).error->field, "amount_minor");
  EXPECT_EQ(CaptureTip("b", id, 50'001).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(CaptureTip("b", id, 50'000).response.change().left_minor(), 50'000);
}

TEST_F(TipChangeHandlers, L3AHoldEndsAtItsTimeAndNotBefore) {
  const int64_t early = Hold("a");
  const int64_t late = Hold("b");
  gate_.clock.Advance(absl::Milliseconds(29'999));
  EXPECT_EQ(CaptureTip("c", early).response.change().state(), v1::TIP_STATE_PENDING);
  gate_.clock.Advance(absl::Milliseconds(1));
  EXPECT_EQ(CaptureTip("d", late).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(GetTip(late).response.tip().state(), v1::TIP_STATE_VOIDED);
  EXPECT_EQ(GetTip(late).response.tip().released_minor(), 50'000);
}

TEST_F(TipChangeHandlers, OnlyTheJournalKnowsWhyATipCannotBeCaptured) {
  const int64_t pending = AcceptedTip("a");
  EXPECT_EQ(CaptureTip("b", pending).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(CaptureTip("b", pending).error->field, "tip_id");
  EXPECT_EQ(CaptureTip("b", pending + 1).reason(), ErrorReason::kNotFound);
  EXPECT_EQ(CaptureTip("b", INT64_MAX).reason(), ErrorReason::kNotFound);
  gate_.journal.Spoil(RecordId(pending).sequence());
  EXPECT_EQ(CaptureTip("b", pending).reason(), ErrorReason::kDamaged);
  EXPECT_EQ(VoidTip("b", pending).reason(), ErrorReason::kDamaged);
}

TEST_F(TipChangeHandlers, AVoidGivesAHeldTipBack) {
  const int64_t id = Hold("a");
  const auto voided = VoidTip("b", id);
  EXPECT_EQ(voided.response.change().state(), v1::TIP_STATE_VOIDED);
  EXPECT_EQ(voided.response.change().released_minor(), 50'000);
  EXPECT_EQ(VoidTip("b", id).bytes, voided.bytes);
  EXPECT_EQ(VoidTip("c", id).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(VoidTip("d", AcceptedTip("t")).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(VoidTip("d", id + 1).reason(), ErrorReason::kNotFound);
}

TEST_F(TipChangeHandlers, L4ALimitOfThePayersOwnRefusesACapture) {
  const int64_t id = Hold("a");
  v1::SetSelfLimitsRequest limits;
  limits.set_idempotency_key("l");
  limits.set_payer_id(1);
  limits.mutable_tip_max()->set_kind(v1::SELF_LIMIT_CHANGE_KIND_SET);
  limits.mutable_tip_max()->set_limit_minor(49'999);
  gate_.Call<v1::SetSelfLimitsResponse>(gate_.handlers.set_self_limits, limits);
  const auto refused = CaptureTip("b", id);
  EXPECT_EQ(refused.response.change().outcome(), v1::OUTCOME_REJECTED);
  ASSERT_EQ(refused.response.change().violations_size(), 1);
  EXPECT_EQ(refused.response.change().violations(0).code(), v1::REJECTION_CODE_TIP_CAP);
  EXPECT_EQ(refused.response.change().state(), v1::TIP_STATE_HELD);
  EXPECT_EQ(CaptureTip("b", id).bytes, refused.bytes);
  EXPECT_EQ(CaptureTip("c", id, 49'999).response.change().outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(TipChangeHandlers, ARefundIsForPeopleWhomTheGateKnows) {
  const int64_t id = AcceptedTip("a");
  EXPECT_EQ(Refund(RefundOf("b", id, 1)).reason(), ErrorReason::kUnauthenticated);
  gate_.identity = "ann";
  const auto refunded = Refund(RefundOf("b", id, 4'000));
  EXPECT_EQ(refunded.response.change().state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(refunded.response.change().amount_minor(), 4'000);
  EXPECT_EQ(refunded.response.change().left_minor(), 6'000);
  EXPECT_EQ(Refund(RefundOf("b", id, 4'000)).bytes, refunded.bytes);
  gate_.identity = "bob";
  EXPECT_EQ(Refund(RefundOf("b", id, 4'000)).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(Refund(RefundOf("c", id, 6'001)).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(Refund(RefundOf("c", id, 6'000)).response.change().state(), v1::TIP_STATE_REFUNDED);
  EXPECT_EQ(GetTip(id).response.tip().refunded_minor(), 10'000);
  v1::ListTipsRequest list;
  list.set_payer_id(1);
  EXPECT_EQ(List(list).response.tips(0).state(), v1::TIP_STATE_REFUNDED);
}

TEST_F(TipChangeHandlers, L11ASettledTipTellsItsShares) {
  const int64_t id = AcceptedTip("a");
  gate_.clock.Advance(absl::Hours(25));
  const int64_t first_sequence = RecordId(id).sequence();
  const int64_t last_sequence = gate_.journal.Head().sequence;
  gate_.RunOwn(*CollectSettlement(gate_.journal, 86'400'000, first_sequence, last_sequence));
  const v1::Tip tip = GetTip(id).response.tip();
  EXPECT_EQ(tip.state(), v1::TIP_STATE_SETTLED);
  EXPECT_EQ(tip.streamer_share_minor() + tip.agency_share_minor() + tip.platform_share_minor(),
            10'000);
  EXPECT_GT(tip.streamer_share_minor(), 0);
}

template <typename MessageType>
std::string FaultOf(const MessageType& message) {
  TipChangeRequest request;
  const std::optional<CallError> fault = Convert(message, &request);
  return fault.has_value() ? fault->field : "";
}

TEST(TipChangeConversion, ARefundIsCheckedFieldByField) {
  const auto fault = [](auto change) {
    v1::RefundTipRequest request;
    request.set_idempotency_key("k");
    request.set_tip_id(1);
    request.set_permille(1);
    request.set_case_reference("c");
    request.set_reason("r");
    change(request);
    return FaultOf(request);
  };
  using Request = v1::RefundTipRequest;
  EXPECT_EQ(fault([](Request&) {}), "");
  EXPECT_EQ(fault([](Request& r) { r.clear_idempotency_key(); }), "idempotency_key");
  EXPECT_EQ(fault([](Request& r) { r.set_tip_id(0); }), "tip_id");
  EXPECT_EQ(fault([](Request& r) { r.clear_part(); }), "part");
  EXPECT_EQ(fault([](Request& r) { r.set_permille(0); }), "permille");
  EXPECT_EQ(fault([](Request& r) { r.set_permille(1000); }), "");
  EXPECT_EQ(fault([](Request& r) { r.set_permille(1001); }), "permille");
  EXPECT_EQ(fault([](Request& r) { r.set_amount_minor(0); }), "amount_minor");
  EXPECT_EQ(fault([](Request& r) { r.set_amount_minor(1); }), "");
  EXPECT_EQ(fault([](Request& r) { r.clear_case_reference(); }), "case_reference");
  EXPECT_EQ(fault([](Request& r) { r.set_case_reference(std::string(64, 'c')); }), "");
  EXPECT_EQ(fault([](Request& r) { r.set_case_reference(std::string(65, 'c')); }),
            "case_reference");
  EXPECT_EQ(fault([](Request& r) { r.clear_reason(); }), "reason");
  EXPECT_EQ(fault([](Request& r) { r.set_reason(std::string(200, 'r')); }), "");
  EXPECT_EQ(fault([](Request& r) { r.set_reason(std::string(201, 'r')); }), "reason");
}

TEST(TipChangeConversion, ACaptureOfNothingIsMalformed) {
  v1::CaptureTipRequest request;
  request.set_idempotency_key("k");
  request.set_tip_id(1);
  EXPECT_EQ(FaultOf(request), "");
  request.set_amount_minor(0);
  EXPECT_EQ(FaultOf(request), "amount_minor");
  request.set_amount_minor(1);
  EXPECT_EQ(FaultOf(request), "");
}

}  // namespace
}  // namespace tipgate

#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/server/service_gate.h"

namespace tipgate {

// Calls against a gate with the scene of ServiceGate::PutScene.
class HandlersFixture : public testing::Test {
 protected:
  HandlersFixture() { gate_.PutScene(); }

  static void Fill(const std::string& key, int32_t count, v1::TipIntent* tip) {
    tip->set_idempotency_key(key);
    tip->set_payer_id(1);
    tip->set_streamer_id(1);
    tip->set_session_id(1);
    tip->set_gift_id(5);
    tip->set_unit_price_minor(10'000);
    tip->set_count(count);
  }

  Called<v1::AuthorizeTipResponse> Tip(const std::string& key, int32_t count = 1) {
    v1::AuthorizeTipRequest request;
    Fill(key, count, request.mutable_tip());
    return gate_.Call<v1::AuthorizeTipResponse>(gate_.handlers.authorize_tip, request);
  }

  Called<v1::AuthorizeTipsResponse> Tips(const v1::AuthorizeTipsRequest& request) {
    return gate_.Call<v1::AuthorizeTipsResponse>(gate_.handlers.authorize_tips, request);
  }

  Called<v1::AuthorizeRechargeResponse> Recharge(const std::string& key, int64_t amount) {
    v1::AuthorizeRechargeRequest request;
    request.set_idempotency_key(key);
    request.set_payer_id(1);
    request.set_amount_minor(amount);
    return gate_.Call<v1::AuthorizeRechargeResponse>(gate_.handlers.authorize_recharge, request);
  }

  Called<v1::CaptureRechargeResponse> Capture(const std::string& key, int64_t id) {
    v1::CaptureRechargeRequest request;
    request.set_idempotency_key(key);
    request.set_recharge_id(id);
    return gate_.Call<v1::CaptureRechargeResponse>(gate_.handlers.capture_recharge, request);
  }

  Called<v1::VoidRechargeResponse> Void(const std::string& key, int64_t id) {
    v1::VoidRechargeRequest request;
    request.set_idempotency_key(key);
    request.set_recharge_id(id);
    return gate_.Call<v1::VoidRechargeResponse>(gate_.handlers.void_recharge, request);
  }

  Called<v1::GetTipResponse> GetTip(int64_t id) {
    v1::GetTipRequest request;
    request.set_tip_id(id);
    return gate_.Call<v1::GetTipResponse>(gate_.handlers.get_tip, request);
  }

  Called<v1::GetTipResponse> GetTip(const std::string& key) {
    v1::GetTipRequest request;
    request.set_idempotency_key(key);
    return gate_.Call<v1::GetTipResponse>(gate_.handlers.get_tip, request);
  }

  Called<v1::ListTipsResponse> List(const v1::ListTipsRequest& request) {
    return gate_.Call<v1::ListTipsResponse>(gate_.handlers.list_tips, request);
  }

  ServiceGate gate_;
};

}  // namespace tipgate

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/core_gate.h"

namespace tipgate {

inline constexpr GiftId kFenGift{1};
inline constexpr GiftId kDearestGift{2};
inline constexpr GiftId kTooDearGift{3};
inline constexpr GiftId kDisabledGift{4};
inline constexpr GiftId kHundredYuanGift{5};
inline constexpr PayerId kPayer{1};

// Tips at a gate with the scene of CoreGate::PutScene.
class TipRules : public ::testing::Test {
 protected:
  TipRules() { gate_.PutScene(); }

  Decided Tip(GiftId gift, int32_t count) { return gate_.Tip(gate_.MakeTip(kPayer, gift, count)); }

  PayerRecord Verified(PayerId payer) {
    PayerRecord record;
    record.payer = payer;
    record.is_verified = true;
    return record;
  }
  Decided TipOf(PayerId payer) { return gate_.Tip(gate_.MakeTip(payer, kFenGift, 1)); }

  // Of the scene's session.
  void SetMaxEnd(int64_t time_ms) {
    gate_.state.sessions.Find(SessionId(1))->max_end_time_ms = time_ms;
  }

  // Brings the payer's totals of today to `amount` in steps that no other rule refuses.
  void Spend(PayerId payer, Money amount) {
    for (Money left = amount; left > Money();) {
      const bool is_large = left.minor() >= 500'000;
      TipRequest request = gate_.MakeTip(payer, is_large ? kHundredYuanGift : kFenGift, 1);
      if (is_large) {
        request.count = 50;
      } else if (left.minor() >= 10'000) {
        request.gift = kHundredYuanGift;
        request.unit_price = Money(10'000);
      } else {
        request.count = static_cast<int32_t>(left.minor());
      }
      ASSERT_TRUE(gate_.Tip(request).is_accepted());
      left -= request.amount();
    }
  }

  CoreGate gate_;
};

}  // namespace tipgate

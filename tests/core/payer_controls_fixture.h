#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "core/payer_controls.h"
#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"

namespace tipgate {

// One payer, and gifts of 1 fen.

inline constexpr PayerId kPayer{1};
inline constexpr GiftId kFen{1};
inline constexpr int64_t kDayMs = 24 * 3'600'000;

class PayerControlsTest : public ::testing::Test {
 protected:
  PayerControlsTest() { gate_.PutScene(); }

  // Each gift of 1 fen: at most 9,999.
  Decided Tip(int32_t count) { return gate_.Tip(gate_.MakeTip(kPayer, kFen, count)); }
  std::vector<RejectionCode> Codes(int32_t count) {
    return gate_.Check(gate_.MakeTip(kPayer, kFen, count)).codes();
  }

  PayerRecord Facts() {
    PayerRecord record;
    record.payer = kPayer;
    record.is_verified = true;
    record.age.band = AgeBand::kAdult;
    return record;
  }
  Decided SetDayLimit(LimitChange change, const ConfirmationToken& token = {}) {
    SelfLimitsRecord record;
    record.payer = kPayer;
    record.day_limit_change = change;
    record.token = token;
    return gate_.SetSelfLimits(record);
  }
  Decided SetDayLimit(int64_t amount) {
    return SetDayLimit({.kind = LimitChangeKind::kSet, .amount = Money(amount)});
  }
  ConfirmationToken ConfirmedToken() {
    const ConfirmationToken token =
        gate_.StartConfirmation(kPayer, ConfirmationScope::kSelfLimits).confirmation.token;
    EXPECT_TRUE(
        gate_.CompleteConfirmation(kPayer, ConfirmationScope::kSelfLimits, token).is_accepted());
    return token;
  }
  ConfirmationRefusal Refusal(ConfirmationScope scope, const ConfirmationToken& token) {
    return gate_.CompleteConfirmation(kPayer, scope, token).confirmation.refusal;
  }

  // All of history, decided again and recovered.
  void ExpectProved() { EXPECT_EQ(ProveHistory(gate_), absl::OkStatus()); }

  CoreGate gate_;
};

}  // namespace tipgate

#pragma once

#include <gtest/gtest.h>

#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"

namespace tipgate {

// Accepted tips and what becomes of them. Gift 5 costs 100 yuan; streamer 1 is of tier L3, which
// settles after 1 day.

inline constexpr int64_t kSecondMs = 1'000;
inline constexpr int64_t kHourMs = 3'600 * kSecondMs;
inline constexpr int64_t kDayMs = 24 * kHourMs;
inline constexpr Money kGift{10'000};

class TipLife : public ::testing::Test {
 protected:
  explicit TipLife(const Policy& policy = SamplePolicy()) : gate_(policy) { gate_.PutScene(); }
  ~TipLife() override {
    if (!is_dead_) Verify(&gate_);
  }

  // Of `count` times 100 yuan.
  RecordId Accept(int32_t count = 1) {
    const Decided decided = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), count));
    EXPECT_TRUE(decided.is_accepted());
    return decided.id;
  }
  RecordId Hold(int32_t count = 1, int64_t hold_ms = 0) {
    TipRequest request = gate_.MakeTip(PayerId(1), GiftId(5), count);
    request.is_hold = true;
    request.hold_ms = hold_ms;
    const Decided decided = gate_.Tip(request);
    EXPECT_TRUE(decided.is_accepted());
    return decided.id;
  }
  void PutAgency(AgencyId agency) {
    StreamerRecord record;
    record.streamer = StreamerId(1);
    record.is_verified = true;
    record.age.band = AgeBand::kAdult;
    record.tier = TierName("L3");
    record.agency = agency;
    ASSERT_TRUE(gate_.PutStreamer(record).is_accepted());
  }
  void Settle(int64_t later_ms) {
    gate_.now_ms += later_ms;
    gate_.SettleAll();
  }
  Money DayTotal() const { return gate_.state.payers.Find(PayerId(1))->tips.day_total; }
  Money MonthTotal() const { return gate_.state.payers.Find(PayerId(1))->tips.month_total; }
  Money Received() const { return gate_.state.sessions.Find(SessionId(1))->received; }
  const Streamer& Receiver() const { return *gate_.state.streamers.Find(StreamerId(1)); }
  const TipSums& Sums() const { return gate_.state.totals.tips; }

  // History, decided again, leads to this state; and so does a restart.
  static void Verify(CoreGate* gate) {
    gate->Tick();
    EXPECT_EQ(ProveHistory(*gate), absl::OkStatus());
  }

  CoreGate gate_;
  bool is_dead_ = false;  // another has taken its journal over
};

}  // namespace tipgate

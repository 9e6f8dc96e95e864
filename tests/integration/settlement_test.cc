// Delayed settlement: never early, exactly once, over restarts too.

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

class Settlement : public GateTest {
 protected:
  v1::TipState StateOf(int64_t tip_id) {
    v1::GetTipRequest request;
    request.set_tip_id(tip_id);
    return client().Must(request).tip().state();
  }
  v1::TipDecision Tip(int32_t count, int64_t price = 1) {
    return client().Tip(TipOf(absl::StrCat("tip ", client().NewKey()), count, price));
  }
};

TEST_F(Settlement, I1ATipSettlesAtItsTimeAndNotBefore) {
  policy_.tiers[0].settle_delay = "300ms";
  StartGateWithSession();
  const v1::TipDecision decision = Tip(7);
  EXPECT_EQ(TimeOf(decision.settle_time()),
            TimeOf(decision.decide_time()) + absl::Milliseconds(300));
  EventWatch watch(client());
  const v1::Event settled = watch.Await(v1::EVENT_KIND_TIP_SETTLED);
  EXPECT_EQ(settled.tip_id(), decision.tip_id());
  EXPECT_EQ(settled.streamer_id(), kStreamer);
  EXPECT_EQ(settled.amount_minor(), 7);
  EXPECT_GE(TimeOf(settled.event_time()), TimeOf(decision.settle_time()));
  EXPECT_EQ(StateOf(decision.tip_id()), v1::TIP_STATE_SETTLED);
  const v1::Totals totals = client().Totals();
  EXPECT_EQ(totals.pending_minor(), 0);
  EXPECT_EQ(totals.settled_minor(), 7);
  v1::GetStreamerRequest request;
  request.set_streamer_id(kStreamer);
  EXPECT_EQ(client().Must(request).streamer().settled_minor(), 7);
  EXPECT_EQ(client().Must(request).streamer().pending_minor(), 0);
}

TEST_F(Settlement, I1NoDelayAtAllSettlesToo) {
  policy_.tiers[0].settle_delay = "0s";
  StartGateWithSession();
  const v1::TipDecision decision = Tip(1);
  EXPECT_EQ(TimeOf(decision.settle_time()), TimeOf(decision.decide_time()));
  EventWatch watch(client());
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_TIP_SETTLED).tip_id(), decision.tip_id());
}

TEST_F(Settlement, I2LargeTipsWaitLongerFromTheirEdgeOn) {
  policy_.tiers[0].settle_delay = "1h";
  policy_.settle_delays =
      "[{min_amount_minor: 100, settle_delay: 30m}, {min_amount_minor: 1000, settle_delay: 2h}]";
  StartGateWithSession();
  const std::pair<int32_t, int> expected_hours[] = {{99, 1}, {100, 1}, {999, 1}, {1'000, 2}};
  for (const auto& [count, hours] : expected_hours) {
    const v1::TipDecision decision = Tip(count);
    EXPECT_EQ(TimeOf(decision.settle_time()) - TimeOf(decision.decide_time()), absl::Hours(hours))
        << count;
  }
}

// More tips than a settlement takes, in one entry and over several.
TEST_F(Settlement, I1ABacklogSettlesWhole) {
  constexpr int kBatches = 3;
  constexpr int kBatchTips = 8'192;
  policy_.tiers[0].settle_delay = "0s";
  StartGateWithSession();
  for (int batch = 0; batch < kBatches; ++batch) {
    v1::AuthorizeTipsRequest request;
    for (int i = 0; i < kBatchTips; ++i) {
      *request.add_tips() = TipOf(absl::StrCat(batch, ".", i), 1);
    }
    client().Must(request);
  }
  EventWatch watch(client(), OnlyKind(v1::EVENT_KIND_TIP_SETTLED));
  for (int i = 0; i < kBatches * kBatchTips; ++i) {
    ASSERT_EQ(watch.Await(v1::EVENT_KIND_TIP_SETTLED).amount_minor(), 1);
  }
  EXPECT_EQ(client().Totals().settled_minor(), kBatches * kBatchTips);
  EXPECT_EQ(client().Totals().pending_minor(), 0);
}

TEST_F(Settlement, I1EachTipSettlesOnceOverCrashes) {
  policy_.tiers[0].settle_delay = "200ms";
  StartGateWithSession();
  std::map<int64_t, int> settled_count;
  int tips = 0;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 20; ++i) {
      settled_count[client().Tip(TipOf(absl::StrCat("t", ++tips), 1)).tip_id()] = 0;
    }
    gate().Kill();
    StartGate();
  }
  EventWatch watch(client(), OnlyKind(v1::EVENT_KIND_TIP_SETTLED));
  for (int i = 0; i < tips; ++i) {
    ++settled_count[watch.Await(v1::EVENT_KIND_TIP_SETTLED).tip_id()];
  }
  EXPECT_EQ(settled_count.size(), static_cast<size_t>(tips));
  for (const auto& [tip_id, count] : settled_count) EXPECT_EQ(count, 1) << tip_id;
  EXPECT_EQ(client().Totals().settled_minor(), tips);
  EXPECT_EQ(client().Totals().pending_minor(), 0);
  client().Verify();
}

}  // namespace
}  // namespace tipgate

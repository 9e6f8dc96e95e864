// Reminders: each threshold once a period, under retries, restarts and many clients.

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

using Threshold = std::pair<int, int>;  // Period and permille.

std::vector<Threshold> ThresholdsOf(const v1::TipDecision& decision) {
  std::vector<Threshold> thresholds;
  for (const v1::Reminder& reminder : decision.reminders()) {
    thresholds.emplace_back(reminder.period(), reminder.threshold_permille());
  }
  return thresholds;
}

class Reminders : public GateTest {
 protected:
  void SetUp() override {
    policy_.day_limit_minor = 1'000;
    policy_.month_limit_minor = 2'000;
    policy_.reminder_permille = "[300, 500, 1000]";
    StartGateWithSession();
  }
  std::vector<Threshold> Tip(int32_t count) {
    return ThresholdsOf(client().Tip(TipOf(absl::StrCat("tip ", client().NewKey()), count)));
  }
};

TEST_F(Reminders, W1EachThresholdIsToldWhenItIsReached) {
  EXPECT_EQ(Tip(299), (std::vector<Threshold>{}));
  EXPECT_EQ(Tip(1), (std::vector<Threshold>{{v1::PERIOD_DAY, 300}}));
  EXPECT_EQ(Tip(1), (std::vector<Threshold>{}));
  EXPECT_EQ(Tip(298), (std::vector<Threshold>{{v1::PERIOD_DAY, 500}}));
  EXPECT_EQ(Tip(1), (std::vector<Threshold>{{v1::PERIOD_MONTH, 300}}));
  EXPECT_EQ(Tip(400), (std::vector<Threshold>{{v1::PERIOD_DAY, 1'000}, {v1::PERIOD_MONTH, 500}}));
  EXPECT_EQ(client().Totals().reminders_count(), 5);
}

TEST_F(Reminders, W2OneTipOverSeveralThresholdsCarriesThemAll) {
  const std::vector<Threshold> all = {{v1::PERIOD_DAY, 300},
                                      {v1::PERIOD_DAY, 500},
                                      {v1::PERIOD_DAY, 1'000},
                                      {v1::PERIOD_MONTH, 300},
                                      {v1::PERIOD_MONTH, 500}};
  EXPECT_EQ(ThresholdsOf(client().Check(TipOf("", 1'000))), all);
  EXPECT_EQ(ThresholdsOf(client().Tip(TipOf("a", 1'000))), all);
  EXPECT_EQ(ThresholdsOf(client().Tip(TipOf("a", 1'000))), all);
  EXPECT_EQ(client().Totals().reminders_count(), 5);
  EventWatch watch(client(), OnlyKind(v1::EVENT_KIND_REMINDER));
  for (const Threshold& threshold : all) {
    const v1::Event event = watch.Await(v1::EVENT_KIND_REMINDER);
    EXPECT_EQ(event.payer_id(), kPayer);
    EXPECT_EQ(event.reminder().period(), threshold.first);
    EXPECT_EQ(event.reminder().threshold_permille(), threshold.second);
  }
}

TEST_F(Reminders, W1ARejectedTipCarriesNone) {
  EXPECT_EQ(Tip(1'001), (std::vector<Threshold>{}));
  EXPECT_EQ(client().Totals().reminders_count(), 0);
}

TEST_F(Reminders, W1ARestartDoesNotTellThemAgain) {
  EXPECT_EQ(Tip(300).size(), 1u);
  gate().Kill();
  StartGate();
  EXPECT_EQ(ThresholdsOf(client().Tip(TipOf("after", 1))), (std::vector<Threshold>{}));
  EXPECT_EQ(client().Totals().reminders_count(), 1);
}

TEST_F(Reminders, W1ManyClientsGetEachOnce) {
  constexpr int kThreads = 16;
  constexpr int kTips = 25;
  std::vector<int> reminders_count(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      GateClient own(gate().target());
      for (int i = 0; i < kTips; ++i) {
        reminders_count[t] += own.Tip(TipOf(absl::StrCat(t, "/", i), 3)).reminders_size();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int sum = 0;
  for (const int count : reminders_count) sum += count;
  // 999 of 1,000 in the day: 300 and 500 of the day, 300 of the month.
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(client().Totals().accepted_minor(), 999);
  EXPECT_EQ(client().Totals().reminders_count(), 3);
}

}  // namespace
}  // namespace tipgate

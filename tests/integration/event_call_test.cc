// WatchEvents: everything that happens, in order, resumable.

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

using EventCall = GateTest;

TEST_F(EventCall, EachThingThatHappensIsOneEventInOrder) {
  policy_.day_limit_minor = 10;
  policy_.reminder_permille = "[500]";
  StartGateWithSession();
  const int64_t accepted_id = client().Tip(TipOf("a", 5)).tip_id();
  const int64_t rejected_id = client().Tip(TipOf("b", 6)).tip_id();
  const int64_t recharge_id = client().Must(RechargeOf("r", 5)).decision().recharge_id();
  client().Must(CaptureOf("c", recharge_id));
  client().OpenSession(kSession + 1, kStreamer);
  client().Must(CloseSessionOf("close", kSession));

  // The gift catalogue comes into force, and then the policy.
  const std::vector<v1::Event> events = FirstEvents(client(), 12);
  std::vector<int> kinds;
  for (const v1::Event& event : events) kinds.push_back(event.kind());
  ASSERT_EQ(kinds,
            (std::vector<int>{v1::EVENT_KIND_GIFTS_CHANGED, v1::EVENT_KIND_POLICY_ACTIVATED,
                              v1::EVENT_KIND_PAYER_CHANGED, v1::EVENT_KIND_STREAMER_CHANGED,
                              v1::EVENT_KIND_SESSION_OPENED, v1::EVENT_KIND_TIP_ACCEPTED,
                              v1::EVENT_KIND_REMINDER, v1::EVENT_KIND_TIP_REJECTED,
                              v1::EVENT_KIND_RECHARGE_HELD, v1::EVENT_KIND_RECHARGE_CAPTURED,
                              v1::EVENT_KIND_SESSION_REJECTED, v1::EVENT_KIND_SESSION_CLOSED}));
  EXPECT_EQ(events[0].gifts_version(), 1);
  EXPECT_EQ(events[1].policy_version(), 1);
  EXPECT_EQ(events[2].payer_id(), kPayer);
  EXPECT_EQ(events[4].session_id(), kSession);
  EXPECT_EQ(events[5].tip_id(), accepted_id);
  EXPECT_EQ(events[5].payer_id(), kPayer);
  EXPECT_EQ(events[5].streamer_id(), kStreamer);
  EXPECT_EQ(events[5].session_id(), kSession);
  EXPECT_EQ(events[5].amount_minor(), 5);
  EXPECT_EQ(events[6].reminder().period(), v1::PERIOD_DAY);
  EXPECT_EQ(events[7].tip_id(), rejected_id);
  EXPECT_EQ(events[7].rejection_codes(0), v1::REJECTION_CODE_DAY_LIMIT);
  EXPECT_EQ(events[9].recharge_id(), recharge_id);
  EXPECT_EQ(events[10].rejection_codes(0), v1::REJECTION_CODE_SESSION_ALREADY_OPEN);
  for (size_t i = 1; i < events.size(); ++i) {
    EXPECT_GE(TimeOf(events[i].event_time()), TimeOf(events[i - 1].event_time()));
  }
}

TEST_F(EventCall, ACursorResumesAfterItsEvent) {
  StartGateWithSession();
  for (int i = 0; i < 5; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1));
  const std::vector<v1::Event> events = FirstEvents(client(), 10);
  for (size_t i = 0; i + 1 < events.size(); ++i) {
    v1::WatchEventsRequest request;
    request.set_cursor(events[i].cursor());
    EventWatch watch(client(), request);
    const auto next = watch.Next();
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->SerializeAsString(), events[i + 1].SerializeAsString());
  }
}

TEST_F(EventCall, ACursorOutlivesACrash) {
  StartGateWithSession();
  client().Tip(TipOf("a", 1));
  v1::WatchEventsRequest request;
  request.set_cursor(FirstEvents(client(), 6)[5].cursor());
  gate().Kill();
  StartGate();
  const int64_t tip_id = client().Tip(TipOf("b", 1)).tip_id();
  EventWatch watch(client(), request);
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_TIP_ACCEPTED).tip_id(), tip_id);
}

TEST_F(EventCall, OnlyTheKindsAskedForCome) {
  StartGateWithSession();
  client().Tip(TipOf("a", 1));
  client().Must(CloseSessionOf("close", kSession));
  v1::WatchEventsRequest request = OnlyKind(v1::EVENT_KIND_TIP_ACCEPTED);
  request.add_kinds(v1::EVENT_KIND_SESSION_CLOSED);
  EventWatch watch(client(), request);
  EXPECT_EQ(watch.Next()->kind(), v1::EVENT_KIND_TIP_ACCEPTED);
  EXPECT_EQ(watch.Next()->kind(), v1::EVENT_KIND_SESSION_CLOSED);
}

// Nobody tells when a watch has begun: tips go on until it hears of one. Never of the old one.
TEST_F(EventCall, OnlyNewLeavesTheOldOut) {
  StartGateWithSession();
  const int64_t old_id = client().Tip(TipOf("old", 1)).tip_id();
  v1::WatchEventsRequest request = OnlyKind(v1::EVENT_KIND_TIP_ACCEPTED);
  request.set_only_new(true);
  EventWatch watch(client(), request);
  std::atomic<bool> has_heard{false};
  std::thread tipper([&] {
    GateClient own(gate().target());
    for (int i = 0; !has_heard; ++i) own.Tip(TipOf(absl::StrCat("new ", i), 1));
  });
  const std::optional<v1::Event> event = watch.Next();
  has_heard = true;
  tipper.join();
  ASSERT_TRUE(event.has_value());
  EXPECT_GT(event->tip_id(), old_id);
}

TEST_F(EventCall, ACursorThatIsNoneIsRefused) {
  StartGateWithSession();
  for (const std::string cursor : {"x", "a1", "a999999.0.0", "a1.0.0 ", "a-1.0.0", "a1.7.0"}) {
    v1::WatchEventsRequest request;
    request.set_cursor(cursor);
    EXPECT_THAT(EventWatch(client(), request).Finish(), NamesInvalidField("cursor")) << cursor;
  }
  v1::WatchEventsRequest request;
  request.set_cursor(FirstEvents(client(), 1)[0].cursor());
  request.set_only_new(true);
  EXPECT_THAT(EventWatch(client(), request).Finish(), NamesInvalidField("cursor"));
  request = OnlyKind(static_cast<v1::EventKind>(99));
  EXPECT_THAT(EventWatch(client(), request).Finish(), NamesInvalidField("kinds[0]"));
}

TEST_F(EventCall, TooManyWatchersAreRefusedAndAFreePlaceIsGiven) {
  more_config_ = "watchers_max: 2\n";
  StartGateWithSession();
  auto first = std::make_unique<EventWatch>(client());
  EventWatch second(client());
  ASSERT_TRUE(first->Next().has_value());
  ASSERT_TRUE(second.Next().has_value());
  EXPECT_THAT(EventWatch(client()).Finish(), FailsWith(grpc::StatusCode::RESOURCE_EXHAUSTED,
                                                       v1::ERROR_REASON_CAPACITY_REACHED, ""));
  first.reset();
  bool has_place = false;
  for (int i = 0; !has_place && i < 10'000; ++i) {
    has_place = EventWatch(client()).Next().has_value();
  }
  EXPECT_TRUE(has_place);
}

}  // namespace
}  // namespace tipgate

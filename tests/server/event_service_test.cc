#include "server/event_service.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "server/system_clock.h"
#include "tests/server/fake_response_stream.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

class EventServiceTest : public ::testing::Test {
 protected:
  EventServiceTest() { gate_.PutScene(); }

  void Tip() { gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)); }

  // The events up to the journal's end.
  std::vector<v1::Event> Watch(const v1::WatchEventsRequest& request) {
    std::vector<v1::Event> events;
    FakeResponseStream<v1::WatchEventsRequest, v1::WatchEventsResponse> stream(request);
    stream.on_write = [&](const v1::WatchEventsResponse& response) {
      events.insert(events.end(), response.events().begin(), response.events().end());
      last_cursor_ = response.cursor();
      const auto cursor = EventCursor::Parse(response.cursor());
      return cursor.has_value() && cursor->sequence <= gate_.journal->Head().sequence;
    };
    const std::optional<CallError> error = service_.WatchEvents(stream);
    EXPECT_TRUE(error.has_value());
    EXPECT_EQ(error->reason, ErrorReason::kStopping);
    return events;
  }

  CallError Refusal(const v1::WatchEventsRequest& request) {
    FakeResponseStream<v1::WatchEventsRequest, v1::WatchEventsResponse> stream(request);
    stream.on_write = [](const v1::WatchEventsResponse&) { return false; };
    return service_.WatchEvents(stream).value_or(CallError());
  }

  CoreGate gate_;
  DurableSignal signal_;
  SystemClock clock_;
  SharedCounter damaged_reads_;
  DamageAlarm damage_{&damaged_reads_, &clock_};
  EventService service_{gate_.journal.get(), &signal_, &damage_};
  std::string last_cursor_;
};

TEST_F(EventServiceTest, BeginsWithTheOldestEvent) {
  Tip();
  const std::vector<v1::Event> events = Watch({});
  ASSERT_EQ(events.size(), 6U);
  EXPECT_EQ(events.front().kind(), v1::EVENT_KIND_POLICY_ACTIVATED);
  EXPECT_EQ(events.back().kind(), v1::EVENT_KIND_TIP_ACCEPTED);
}

TEST_F(EventServiceTest, ResumesAfterTheEventOfACursor) {
  Tip();
  const std::vector<v1::Event> all = Watch({});
  for (size_t i = 0; i + 1 < all.size(); ++i) {
    v1::WatchEventsRequest request;
    request.set_cursor(all[i].cursor());
    const std::vector<v1::Event> rest = Watch(request);
    ASSERT_EQ(rest.size(), all.size() - i - 1);
    EXPECT_EQ(rest.front().cursor(), all[i + 1].cursor());
  }
}

TEST_F(EventServiceTest, ResumesAfterTheCursorOfAResponse) {
  Watch({});
  Tip();
  v1::WatchEventsRequest request;
  request.set_cursor(last_cursor_);
  EXPECT_EQ(Watch(request).size(), 1U);
}

TEST_F(EventServiceTest, OnlyNewWaitsForWhatComes) {
  v1::WatchEventsRequest request;
  request.set_only_new(true);
  FakeResponseStream<v1::WatchEventsRequest, v1::WatchEventsResponse> stream(request);
  stream.on_write = [](const v1::WatchEventsResponse&) {
    ADD_FAILURE() << "there is nothing new";
    return false;
  };
  stream.looks_max = 3;
  EXPECT_TRUE(service_.WatchEvents(stream).has_value());
}

TEST_F(EventServiceTest, LargeStretchesComeInBoundedResponses) {
  for (int i = 0; i < 1'000; ++i) Tip();
  EXPECT_EQ(Watch({}).size(), 1'005U);
}

TEST_F(EventServiceTest, TellsOnlyTheKindsAskedFor) {
  Tip();
  v1::WatchEventsRequest request;
  request.add_kinds(v1::EVENT_KIND_PAYER_CHANGED);
  request.add_kinds(v1::EVENT_KIND_TIP_ACCEPTED);
  const std::vector<v1::Event> events = Watch(request);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind(), v1::EVENT_KIND_PAYER_CHANGED);
  EXPECT_EQ(events[1].kind(), v1::EVENT_KIND_TIP_ACCEPTED);
}

TEST_F(EventServiceTest, RefusesCursorsThatItDidNotGive) {
  for (const char* cursor : {"x", "a1.0", "a7.0.0", "a1.1.0", "a1.0.2", "a5.0.9"}) {
    v1::WatchEventsRequest request;
    request.set_cursor(cursor);
    const CallError error = Refusal(request);
    EXPECT_EQ(error.reason, ErrorReason::kInvalidField) << cursor;
    EXPECT_EQ(error.field, "cursor") << cursor;
  }
}

TEST_F(EventServiceTest, RefusesACursorTogetherWithOnlyNew) {
  v1::WatchEventsRequest request;
  request.set_cursor("a1.0.0");
  request.set_only_new(true);
  EXPECT_EQ(Refusal(request).field, "cursor");
}

TEST_F(EventServiceTest, RefusesKindsThatItDoesNotKnow) {
  v1::WatchEventsRequest request;
  request.add_kinds(v1::EVENT_KIND_TIP_ACCEPTED);
  request.add_kinds(static_cast<v1::EventKind>(63'000));
  EXPECT_EQ(Refusal(request).field, "kinds[1]");
  request.set_kinds(1, v1::EVENT_KIND_UNSPECIFIED);
  EXPECT_EQ(Refusal(request).field, "kinds[1]");
}

TEST_F(EventServiceTest, OperatorsHearOfDamage) {
  gate_.journal->Spoil(3);
  FakeResponseStream<v1::WatchEventsRequest, v1::WatchEventsResponse> stream({});
  stream.on_write = [](const v1::WatchEventsResponse&) { return true; };
  EXPECT_EQ(service_.WatchEvents(stream)->reason, ErrorReason::kDamaged);
  EXPECT_EQ(damaged_reads_.value(), 1);
  v1::WatchEventsRequest request;
  request.set_cursor("a3.0.0");
  EXPECT_EQ(Refusal(request).reason, ErrorReason::kDamaged);
  EXPECT_EQ(damaged_reads_.value(), 2);
}

TEST(DurableSignal, WakesWhoWaits) {
  DurableSignal signal;
  std::thread waiter([&] { signal.AwaitSequence(2, absl::InfiniteDuration()); });
  signal.Notify(1);
  signal.Notify(2);
  waiter.join();
  signal.AwaitSequence(1, absl::InfiniteDuration());
}

TEST(DurableSignal, DoesNotWaitLongerThanItMay) {
  DurableSignal signal;
  signal.AwaitSequence(1, absl::Milliseconds(1));
}

}  // namespace
}  // namespace tipgate

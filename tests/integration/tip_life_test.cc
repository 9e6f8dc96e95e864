// The later life of tips on the real server: holds, captures, voids, refunds, and orders about
// many.

#include <atomic>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/stopped_clock_test.h"

namespace tipgate {
namespace {

class TipLife : public StoppedClockTest {
 protected:
  void StartStopped() {
    StoppedClockTest::StartStopped();
    client().set_identity("ann");
  }

  v1::TipDecision Hold(int32_t count, int64_t seconds) {
    v1::TipIntent intent = TipOf(NewKey(), count);
    intent.set_hold(true);
    intent.mutable_hold_ttl()->set_seconds(seconds);
    return client().Tip(intent);
  }
  v1::CaptureTipRequest CaptureTipOf(int64_t tip_id) {
    v1::CaptureTipRequest request;
    request.set_idempotency_key(NewKey());
    request.set_tip_id(tip_id);
    return request;
  }
  v1::Tip GetTip(int64_t tip_id) {
    v1::GetTipRequest request;
    request.set_tip_id(tip_id);
    return client().Must(request).tip();
  }
  v1::IncomeJob GetJob(int64_t job_id) {
    v1::GetIncomeJobRequest request;
    request.set_job_id(job_id);
    return client().Must(request).job();
  }
  v1::IncomeJob AwaitDone(int64_t job_id) {
    v1::IncomeJob job = GetJob(job_id);
    while (!job.done() && !HasFailure()) job = GetJob(job_id);
    return job;
  }
  v1::FreezeIncomeRequest FreezeOfSession(const std::string& key) {
    v1::FreezeIncomeRequest request;
    request.set_idempotency_key(key);
    request.mutable_scope()->set_session_id(kSession);
    request.set_case_reference("case-1");
    return request;
  }
  v1::VoidTipRequest VoidTipOf(int64_t tip_id) {
    v1::VoidTipRequest request;
    request.set_idempotency_key(NewKey());
    request.set_tip_id(tip_id);
    return request;
  }
  v1::ReleaseIncomeRequest ReleaseOfCase(const std::string& key) {
    v1::ReleaseIncomeRequest request;
    request.set_idempotency_key(key);
    request.mutable_scope()->set_whole_case(true);
    request.set_case_reference("case-1");
    return request;
  }
  static void ExpectSum(const v1::Totals& totals) {
    EXPECT_EQ(totals.accepted_minor(), totals.held_minor() + totals.pending_minor() +
                                           totals.frozen_minor() + totals.settled_minor() +
                                           totals.voided_minor() + totals.refunded_minor());
  }
};

TEST_F(TipLife, L2AndL3AHoldIsCapturedAMillisecondBeforeItsEndAndNotAtIt) {
  StartStopped();
  const int64_t early = Hold(5, 10).tip_id();
  const int64_t late = Hold(7, 10).tip_id();
  Advance(9'999);
  EXPECT_EQ(client().Must(CaptureTipOf(early)).change().state(), v1::TIP_STATE_PENDING);
  Advance(1);
  EXPECT_THAT(client().Try(CaptureTipOf(late)), FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                                          v1::ERROR_REASON_WRONG_STATE, "tip_id"));
  EXPECT_EQ(GetTip(late).state(), v1::TIP_STATE_VOIDED);
  const v1::Totals totals = client().Totals();
  EXPECT_EQ(totals.pending_minor(), 5);
  EXPECT_EQ(totals.voided_minor(), 7);
  ExpectSum(totals);
  ExpectProved();
}

TEST_F(TipLife, L5AVoidIsWithinTheRemorseWindowOrNotAtAll) {
  policy_.more = "tips: {remorse_window: 10s}\n";
  StartStopped();
  const int64_t early = client().Tip(TipOf(NewKey(), 5)).tip_id();
  const int64_t late = client().Tip(TipOf(NewKey(), 7)).tip_id();
  Advance(9'999);
  EXPECT_EQ(client().Must(VoidTipOf(early)).change().state(), v1::TIP_STATE_VOIDED);
  Advance(1);
  EXPECT_THAT(client().Try(VoidTipOf(late)), FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                                       v1::ERROR_REASON_WRONG_STATE, "tip_id"));
  ExpectProved();
}

TEST_F(TipLife, L9NoMoreThanIsLeftIsRefundedOverRestarts) {
  StartStopped();
  const int64_t tip = client().Tip(TipOf(NewKey(), 10)).tip_id();
  v1::RefundTipRequest request;
  request.set_tip_id(tip);
  request.set_case_reference("case-1");
  request.set_reason("fraud");
  request.set_idempotency_key(NewKey());
  request.set_amount_minor(4);
  EXPECT_EQ(client().Must(request).change().left_minor(), 6);
  gate().Kill();
  StartGate();
  client().set_identity("ann");
  EXPECT_EQ(client().Must(request).change().left_minor(), 6) << "the first answer";
  request.set_idempotency_key(NewKey());
  request.set_amount_minor(7);
  EXPECT_THAT(client().Try(request), FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                               v1::ERROR_REASON_WRONG_STATE, "amount_minor"));
  request.set_amount_minor(6);
  EXPECT_EQ(client().Must(request).change().state(), v1::TIP_STATE_REFUNDED);
  ExpectSum(client().Totals());
  ExpectProved();
}

TEST_F(TipLife, L11ASettledTipIsSharedAndTheStreamerHasItsIncome) {
  policy_.more = "shares: {streamer_permille: 500, agency_permille: 100}\n";
  policy_.tiers[0].settle_delay = "0s";
  StartGate();
  client().PutAdult(kPayer);
  v1::StreamerFacts facts = StreamerFactsOf("T1");
  facts.set_agency_id(9);
  client().Must(PutStreamerOf("streamer", kStreamer, facts));
  client().OpenSession(kSession, kStreamer);
  const int64_t tip = client().Tip(TipOf(NewKey(), 1'009)).tip_id();
  EventWatch watch(client());
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_TIP_SETTLED).amount_minor(), 1'009);
  const v1::Tip settled = GetTip(tip);
  EXPECT_EQ(settled.streamer_share_minor(), 504);
  EXPECT_EQ(settled.agency_share_minor(), 100);
  EXPECT_EQ(settled.platform_share_minor(), 405);
  EXPECT_EQ(settled.agency_id(), 9);
  v1::GetAgencyRequest agency;
  agency.set_agency_id(9);
  EXPECT_EQ(client().Must(agency).agency().income_minor(), 100);
  EXPECT_EQ(client().Must(agency).agency().receivable_minor(), 0);
  agency.set_agency_id(8);
  EXPECT_THAT(client().Try(agency),
              FailsWith(grpc::StatusCode::NOT_FOUND, v1::ERROR_REASON_NOT_FOUND, "agency_id"));
  v1::GetStreamerRequest request;
  request.set_streamer_id(kStreamer);
  EXPECT_EQ(client().Must(request).streamer().income_minor(), 504);
}

TEST_F(TipLife, I3ADelayedIncomeSettlesLater) {
  StartStopped();
  v1::DelayIncomeRequest request;
  request.set_idempotency_key(NewKey());
  request.set_streamer_id(kStreamer);
  request.mutable_delay()->set_seconds(8 * 86'400);
  client().Must(request);
  const v1::TipDecision decision = client().Tip(TipOf(NewKey(), 1));
  EXPECT_EQ(TimeOf(decision.settle_time()) - TimeOf(decision.decide_time()), absl::Hours(8 * 24));
  ExpectProved();
}

// The job is killed under way, as often as the gate is quick enough to be hit.
TEST_F(TipLife, L7AndL12AMassFreezeIsDoneExactlyOnceOverKills) {
  constexpr int kBatches = 4;
  constexpr int kBatchTips = 5'000;
  more_config_ = "development_identities: true\ncheckpoint_interval: 20ms\n";
  StartGateWithSession();
  for (int batch = 0; batch < kBatches; ++batch) {
    v1::AuthorizeTipsRequest request;
    for (int i = 0; i < kBatchTips; ++i) {
      *request.add_tips() = TipOf(absl::StrCat(batch, ".", i), 2);
    }
    client().Must(request);
  }
  client().set_identity("ann");
  const v1::FreezeIncomeRequest order = FreezeOfSession("order");
  const int64_t job_id = client().Must(order).job().job_id();
  int64_t tips_count = 0;
  for (bool is_done = false; !is_done && !HasFailure();) {
    gate().Kill();
    StartGate();
    client().set_identity("ann");
    EXPECT_EQ(client().Must(order).job().job_id(), job_id) << "the first answer";
    v1::IncomeJob job = GetJob(job_id);
    EXPECT_GE(job.tips_count(), tips_count) << "a durable step is lost";
    // Some further step, so that each life of the gate gets on.
    while (!job.done() && job.tips_count() == tips_count && !HasFailure()) job = GetJob(job_id);
    tips_count = job.tips_count();
    is_done = job.done();
  }
  EXPECT_EQ(tips_count, kBatches * kBatchTips);
  EXPECT_EQ(GetJob(job_id).amount_minor(), 2 * kBatches * kBatchTips);
  const v1::Totals totals = client().Totals();
  EXPECT_EQ(totals.frozen_minor(), 2 * kBatches * kBatchTips);
  EXPECT_EQ(totals.pending_minor(), 0);
  ExpectSum(totals);
  ExpectProved();
  AwaitDone(client().Must(ReleaseOfCase("release")).job().job_id());
  EXPECT_EQ(client().Totals().frozen_minor(), 0);
  EXPECT_EQ(client().Totals().pending_minor(), 2 * kBatches * kBatchTips);
}

// What becomes of accepted tips, as who watches is told.
class TipLifeEvents : public TipLife {
 protected:
  // The next `count` events of the later life of tips after this one, or from the beginning.
  std::vector<v1::Event> EventsAfter(const std::string& cursor, size_t count) {
    v1::WatchEventsRequest request;
    request.set_cursor(cursor);
    for (const v1::EventKind kind :
         {v1::EVENT_KIND_TIP_CAPTURED, v1::EVENT_KIND_TIP_VOIDED, v1::EVENT_KIND_TIP_EXPIRED,
          v1::EVENT_KIND_TIP_FROZEN, v1::EVENT_KIND_TIP_RELEASED, v1::EVENT_KIND_TIP_REFUNDED,
          v1::EVENT_KIND_INCOME_JOB_STARTED, v1::EVENT_KIND_INCOME_JOB_DONE}) {
      request.add_kinds(kind);
    }
    return FirstEvents(client(), count, request);
  }
  // Captures, voids and lets expire one hold each; returns the captured tip.
  int64_t EndThreeHolds() {
    const int64_t captured = Hold(5, 10).tip_id();
    const int64_t voided = Hold(6, 10).tip_id();
    Hold(7, 10);
    client().Must(CaptureTipOf(captured));
    client().Must(VoidTipOf(voided));
    Advance(10'000);
    return captured;
  }
  void Refund(int64_t tip_id, int64_t amount_minor) {
    v1::RefundTipRequest request;
    request.set_idempotency_key(NewKey());
    request.set_tip_id(tip_id);
    request.set_amount_minor(amount_minor);
    request.set_case_reference("case-2");
    request.set_reason("fraud");
    client().Must(request);
  }
};

TEST_F(TipLifeEvents, AreToldInOrderAndOnceAlsoFromTheMiddleAfterAKill) {
  StartStopped();
  const int64_t tip = EndThreeHolds();
  const std::vector<v1::Event> before = EventsAfter("", 3);
  ASSERT_EQ(before.size(), 3U);
  const int64_t freeze = client().Must(FreezeOfSession(NewKey())).job().job_id();
  gate().Kill();
  StartGate();
  client().set_identity("ann");
  AwaitDone(freeze);
  const int64_t release = client().Must(ReleaseOfCase(NewKey())).job().job_id();
  AwaitDone(release);
  Refund(tip, 2);

  struct Expected {
    v1::EventKind kind;
    int64_t amount_minor, job_id;
  };
  const Expected expected[] = {{v1::EVENT_KIND_TIP_CAPTURED, 5, 0},
                               {v1::EVENT_KIND_TIP_VOIDED, 6, 0},
                               {v1::EVENT_KIND_TIP_EXPIRED, 7, 0},
                               {v1::EVENT_KIND_INCOME_JOB_STARTED, 0, freeze},
                               {v1::EVENT_KIND_TIP_FROZEN, 5, freeze},
                               {v1::EVENT_KIND_INCOME_JOB_DONE, 0, freeze},
                               {v1::EVENT_KIND_INCOME_JOB_STARTED, 0, release},
                               {v1::EVENT_KIND_TIP_RELEASED, 5, release},
                               {v1::EVENT_KIND_INCOME_JOB_DONE, 0, release},
                               {v1::EVENT_KIND_TIP_REFUNDED, 2, 0}};
  const std::vector<v1::Event> all = EventsAfter("", std::size(expected));
  ASSERT_EQ(all.size(), std::size(expected));
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].kind(), expected[i].kind) << i;
    EXPECT_EQ(all[i].amount_minor(), expected[i].amount_minor) << i;
    EXPECT_EQ(all[i].income_job_id(), expected[i].job_id) << i;
  }
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(all[i].SerializeAsString(), before[i].SerializeAsString()) << i;
  }
  const std::vector<v1::Event> later = EventsAfter(before[1].cursor(), all.size() - 2);
  for (size_t i = 0; i < later.size(); ++i) {
    EXPECT_EQ(later[i].SerializeAsString(), all[i + 2].SerializeAsString()) << i;
  }
  ExpectProved();
}

// T19 under load: no interleaving passes the cap, and none refuses what would have fitted.
TEST_F(TipLife, T19ParallelTipsNeverPassTheCapOfTheSession) {
  constexpr int kThreads = 8;
  constexpr int kTipsEach = 1'250;
  policy_.tiers[0].session_received_max_minor = 25'000;
  StartGateWithSession();
  std::atomic<int64_t> accepted_minor{0};
  std::atomic<int64_t> smallest_refused_minor{INT64_MAX};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      GateClient own(gate().target());
      for (int i = 0; i < kTipsEach; ++i) {
        const int32_t amount = 2 + (i * 7 + thread) % 5;
        const v1::TipDecision decision = own.Tip(TipOf(absl::StrCat(thread, ".", i), amount));
        if (decision.outcome() == v1::OUTCOME_ACCEPTED) {
          accepted_minor += amount;
          continue;
        }
        int64_t smallest = smallest_refused_minor.load();
        while (amount < smallest &&
               !smallest_refused_minor.compare_exchange_weak(smallest, amount)) {
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(accepted_minor.load(), 25'000);
  EXPECT_LT(25'000 - accepted_minor.load(), smallest_refused_minor.load());
  EXPECT_EQ(client().Totals().accepted_minor(), accepted_minor.load());
}

}  // namespace
}  // namespace tipgate

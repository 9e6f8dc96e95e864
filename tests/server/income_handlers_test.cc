// FreezeIncome, ReleaseIncome, RefundTips, DelayIncome and the jobs: what each answers, how it
// replays, and what becomes of the tips.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/income_conversion.h"
#include "tests/server/handlers_fixture.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;

template <typename Request>
Request OrderOf(const std::string& key, const std::string& case_reference = "case-1") {
  Request request;
  request.set_idempotency_key(key);
  request.mutable_scope()->set_session_id(1);
  request.set_case_reference(case_reference);
  request.set_reason("fraud");
  return request;
}

class IncomeHandlers : public HandlersFixture {
 protected:
  IncomeHandlers() { gate_.identity = "ann"; }

  Called<v1::FreezeIncomeResponse> Freeze(const v1::FreezeIncomeRequest& request) {
    return gate_.Call<v1::FreezeIncomeResponse>(gate_.handlers.freeze_income, request);
  }
  Called<v1::ReleaseIncomeResponse> Release(const v1::ReleaseIncomeRequest& request) {
    return gate_.Call<v1::ReleaseIncomeResponse>(gate_.handlers.release_income, request);
  }
  Called<v1::RefundTipsResponse> RefundTips(const v1::RefundTipsRequest& request) {
    return gate_.Call<v1::RefundTipsResponse>(gate_.handlers.refund_tips, request);
  }
  Called<v1::GetIncomeJobResponse> GetJob(int64_t id) {
    v1::GetIncomeJobRequest request;
    request.set_job_id(id);
    return gate_.Call<v1::GetIncomeJobResponse>(gate_.handlers.get_income_job, request);
  }
  Called<v1::DelayIncomeResponse> Delay(const std::string& key, int64_t streamer, int64_t days) {
    v1::DelayIncomeRequest request;
    request.set_idempotency_key(key);
    request.set_streamer_id(streamer);
    request.mutable_delay()->set_seconds(days * 86'400);
    return gate_.Call<v1::DelayIncomeResponse>(gate_.handlers.delay_income, request);
  }
  v1::Streamer GetStreamer() {
    v1::GetStreamerRequest request;
    request.set_streamer_id(1);
    return gate_.Call<v1::GetStreamerResponse>(gate_.handlers.get_streamer, request)
        .response.streamer();
  }

  // The runner carries jobs out by itself; each look is a call of its own.
  v1::IncomeJob AwaitDone(int64_t id) {
    v1::IncomeJob job = GetJob(id).response.job();
    while (!job.done() && !HasFailure()) job = GetJob(id).response.job();
    return job;
  }
  int64_t AcceptedTip(const std::string& key) { return Tip(key).response.decision().tip_id(); }
  v1::TipState StateOf(int64_t tip_id) { return GetTip(tip_id).response.tip().state(); }
};

TEST_F(IncomeHandlers, AnOrderIsCarriedOutAndReplays) {
  const int64_t first = AcceptedTip("a");
  AcceptedTip("b");
  const auto request = OrderOf<v1::FreezeIncomeRequest>("f");
  const auto frozen = Freeze(request);
  EXPECT_EQ(frozen.response.job().action(), v1::INCOME_ACTION_FREEZE);
  EXPECT_EQ(frozen.response.job().scope().session_id(), 1);
  EXPECT_EQ(frozen.response.job().identity(), "ann");
  EXPECT_FALSE(frozen.response.job().done());
  const int64_t id = frozen.response.job().job_id();
  const v1::IncomeJob job = AwaitDone(id);
  EXPECT_EQ(job.tips_count(), 2);
  EXPECT_EQ(job.amount_minor(), 20'000);
  EXPECT_EQ(job.progress_permille(), 1'000);
  EXPECT_TRUE(job.has_done_time());
  EXPECT_EQ(Freeze(request).bytes, frozen.bytes);
  const v1::Tip tip = GetTip(first).response.tip();
  EXPECT_EQ(tip.state(), v1::TIP_STATE_FROZEN);
  EXPECT_THAT(tip.freeze_case_references(), ElementsAre("case-1"));
  EXPECT_EQ(GetStreamer().frozen_minor(), 20'000);
  EXPECT_EQ(GetStreamer().pending_minor(), 0);
  EXPECT_EQ(gate_.stats().frozen_minor.load(), 20'000);
  gate_.identity = "bob";
  EXPECT_EQ(Freeze(request).reason(), ErrorReason::kKeyReused);
}

TEST_F(IncomeHandlers, ACaseReleasesOnlyItsOwn) {
  const int64_t tip = AcceptedTip("a");
  AwaitDone(Freeze(OrderOf<v1::FreezeIncomeRequest>("f")).response.job().job_id());
  AwaitDone(Freeze(OrderOf<v1::FreezeIncomeRequest>("g", "case-2")).response.job().job_id());
  EXPECT_THAT(GetTip(tip).response.tip().freeze_case_references(), ElementsAre("case-1", "case-2"));
  auto release = OrderOf<v1::ReleaseIncomeRequest>("r");
  release.mutable_scope()->set_whole_case(true);
  EXPECT_EQ(AwaitDone(Release(release).response.job().job_id()).amount_minor(), 0);
  EXPECT_EQ(StateOf(tip), v1::TIP_STATE_FROZEN);
  release.set_idempotency_key("s");
  release.set_case_reference("case-2");
  EXPECT_EQ(AwaitDone(Release(release).response.job().job_id()).amount_minor(), 10'000);
  EXPECT_EQ(StateOf(tip), v1::TIP_STATE_PENDING);
}

TEST_F(IncomeHandlers, AnOrderAboutOneTipIsDoneAtOnce) {
  const int64_t tip = AcceptedTip("a");
  auto request = OrderOf<v1::FreezeIncomeRequest>("f");
  request.mutable_scope()->set_tip_id(tip);
  const auto frozen = Freeze(request);
  EXPECT_TRUE(frozen.response.job().done());
  EXPECT_EQ(frozen.response.job().tips_count(), 1);
  EXPECT_EQ(frozen.response.job().amount_minor(), 10'000);
  EXPECT_EQ(Freeze(request).bytes, frozen.bytes);
  EXPECT_EQ(StateOf(tip), v1::TIP_STATE_FROZEN);
  request.set_idempotency_key("g");
  request.mutable_scope()->set_tip_id(tip + 1);
  EXPECT_EQ(Freeze(request).reason(), ErrorReason::kNotFound);
  EXPECT_EQ(Freeze(request).error->field, "scope.tip_id");
  gate_.journal.Spoil(RecordId(AcceptedTip("b")).sequence());
  request.mutable_scope()->set_tip_id(gate_.journal.Head().sequence << 16);
  EXPECT_EQ(Freeze(request).reason(), ErrorReason::kDamaged);
}

TEST_F(IncomeHandlers, AMassRefundGivesItsPartOfEachTipBack) {
  const int64_t tip = AcceptedTip("a");
  AcceptedTip("b");
  auto request = OrderOf<v1::RefundTipsRequest>("r");
  request.set_permille(250);
  request.mutable_scope()->set_payer_id(1);
  const v1::IncomeJob job = AwaitDone(RefundTips(request).response.job().job_id());
  EXPECT_EQ(job.permille(), 250);
  EXPECT_EQ(job.tips_count(), 2);
  EXPECT_EQ(job.amount_minor(), 5'000);
  EXPECT_EQ(GetTip(tip).response.tip().refunded_minor(), 2'500);
  EXPECT_EQ(GetTip(tip).response.tip().left_minor(), 7'500);
}

TEST_F(IncomeHandlers, JobsThatAreDoneAreNotListed) {
  AwaitDone(Freeze(OrderOf<v1::FreezeIncomeRequest>("f")).response.job().job_id());
  const auto jobs = gate_.Call<v1::ListIncomeJobsResponse>(gate_.handlers.list_income_jobs,
                                                           v1::ListIncomeJobsRequest());
  EXPECT_EQ(jobs.response.jobs_size(), 0);
  EXPECT_EQ(GetJob(12'345).reason(), ErrorReason::kNotFound);
  EXPECT_EQ(GetJob(0).reason(), ErrorReason::kInvalidField);
}

TEST_F(IncomeHandlers, LaterIncomeIsHeldBackForAtLeastSoLong) {
  const auto delayed = Delay("d", 1, 5);
  EXPECT_EQ(delayed.response.delay().seconds(), 5 * 86'400);
  EXPECT_EQ(Delay("d", 1, 5).bytes, delayed.bytes);
  EXPECT_EQ(Delay("d", 1, 6).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(Delay("e", 2, 5).reason(), ErrorReason::kNotFound);
  EXPECT_EQ(GetStreamer().income_delay().seconds(), 5 * 86'400);
  const v1::TipDecision decision = Tip("t").response.decision();
  EXPECT_EQ(decision.settle_time().seconds() - decision.decide_time().seconds(), 5 * 86'400);
  Delay("f", 1, 0);
  EXPECT_FALSE(GetStreamer().has_income_delay());
}

TEST_F(IncomeHandlers, OrdersAreForPeopleWhomTheGateKnows) {
  gate_.identity = "";
  EXPECT_EQ(Freeze({}).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Release({}).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(RefundTips({}).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Delay("d", 1, 1).reason(), ErrorReason::kUnauthenticated);
}

template <typename Request>
std::string FaultOf(const Request& message) {
  IncomeJobRequest request;
  const std::optional<CallError> fault = Convert(message, &request);
  return fault.has_value() ? fault->field : "";
}

TEST(IncomeConversion, AnOrderIsCheckedFieldByField) {
  const auto fault = [](auto change) {
    auto request = OrderOf<v1::FreezeIncomeRequest>("k");
    change(request, *request.mutable_scope());
    return FaultOf(request);
  };
  using Request = v1::FreezeIncomeRequest;
  using Scope = v1::IncomeScope;
  EXPECT_EQ(fault([](Request&, Scope&) {}), "");
  EXPECT_EQ(fault([](Request& r, Scope&) { r.clear_idempotency_key(); }), "idempotency_key");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.clear_scope(); }), "scope");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_tip_id(0); }), "scope.tip_id");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_session_id(-1); }), "scope.session_id");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_streamer_id(0); }), "scope.streamer_id");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_agency_id(0); }), "scope.agency_id");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_payer_id(0); }), "scope.payer_id");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_whole_case(true); }), "scope.whole_case");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.set_everything(true); }), "scope.start_time");
  EXPECT_EQ(fault([](Request&, Scope& s) {
              s.set_everything(false);
              s.mutable_start_time();
            }),
            "scope.everything");
  EXPECT_EQ(fault([](Request&, Scope& s) { s.mutable_end_time()->set_seconds(0); }),
            "scope.end_time");
  EXPECT_EQ(fault([](Request&, Scope& s) {
              s.mutable_start_time()->set_seconds(5);
              s.mutable_end_time()->set_seconds(5);
            }),
            "scope.end_time");
  EXPECT_EQ(fault([](Request&, Scope& s) {
              s.mutable_start_time()->set_seconds(5);
              s.mutable_end_time()->set_seconds(5);
              s.mutable_end_time()->set_nanos(1);
            }),
            "");
  EXPECT_EQ(fault([](Request&, Scope& s) {
              s.set_tip_id(1);
              s.mutable_start_time()->set_seconds(5);
            }),
            "scope.start_time");
  EXPECT_EQ(fault([](Request& r, Scope&) { r.clear_case_reference(); }), "case_reference");
  EXPECT_EQ(fault([](Request& r, Scope&) { r.set_case_reference(std::string(65, 'c')); }),
            "case_reference");
  EXPECT_EQ(fault([](Request& r, Scope&) { r.clear_reason(); }), "");
  EXPECT_EQ(fault([](Request& r, Scope&) { r.set_reason(std::string(201, 'r')); }), "reason");
}

TEST(IncomeConversion, AMassRefundNeedsAReasonAndAPart) {
  auto request = OrderOf<v1::RefundTipsRequest>("k");
  EXPECT_EQ(FaultOf(request), "permille");
  request.set_permille(1'001);
  EXPECT_EQ(FaultOf(request), "permille");
  request.set_permille(1'000);
  EXPECT_EQ(FaultOf(request), "");
  request.clear_reason();
  EXPECT_EQ(FaultOf(request), "reason");
}

TEST(IncomeConversion, ADelayIsWholeDays) {
  const auto fault = [](int64_t seconds) {
    v1::DelayIncomeRequest request;
    request.set_idempotency_key("k");
    request.set_streamer_id(1);
    request.mutable_delay()->set_seconds(seconds);
    ManualDelayRecord record;
    const std::optional<CallError> found = Convert(request, &record);
    return found.has_value() ? found->field : "";
  };
  EXPECT_EQ(fault(0), "");
  EXPECT_EQ(fault(86'400), "");
  EXPECT_EQ(fault(86'401), "delay");
  EXPECT_EQ(fault(90 * 86'400), "");
  EXPECT_EQ(fault(91 * 86'400), "delay");
  EXPECT_EQ(fault(-86'400), "delay");
}

}  // namespace
}  // namespace tipgate

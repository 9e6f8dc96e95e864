#include "server/history_handlers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/server/handlers_fixture.h"

namespace tipgate {
namespace {

class HistoryHandlers : public HandlersFixture {};

TEST_F(HistoryHandlers, ATipIsFoundByIdAndByKey) {
  const v1::TipDecision decision = Tip("a").response.decision();
  const v1::Tip by_id = GetTip(decision.tip_id()).response.tip();
  EXPECT_EQ(by_id.decision().SerializeAsString(), decision.SerializeAsString());
  EXPECT_EQ(by_id.intent().idempotency_key(), "a");
  EXPECT_EQ(by_id.state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(GetTip("a").response.tip().SerializeAsString(), by_id.SerializeAsString());
}

TEST_F(HistoryHandlers, WhatIsNoTipIsNotFound) {
  const int64_t recharge_id = Recharge("recharge", 1'000).response.decision().recharge_id();
  const int64_t no_tips[] = {1,  // before the first entry
                             recharge_id, recharge_id + 1,
                             RecordId(gate_.journal.Head().sequence + 1, 0).value(), INT64_MAX};
  for (const int64_t id : no_tips) {
    EXPECT_EQ(GetTip(id).reason(), ErrorReason::kNotFound) << id;
  }
  EXPECT_EQ(GetTip("recharge").reason(), ErrorReason::kNotFound);
  const auto unknown = GetTip("unknown");
  EXPECT_EQ(unknown.error->message, "idempotency_key: no such tip");
}

TEST_F(HistoryHandlers, PagesTogetherHoldEveryTipOnce) {
  std::vector<int64_t> newest_first;
  for (int i = 0; i < 25; ++i) {
    const int64_t id = Tip(absl::StrCat("k", i)).response.decision().tip_id();
    newest_first.insert(newest_first.begin(), id);
  }
  for (const bool is_of_payer : {true, false}) {
    v1::ListTipsRequest request;
    if (is_of_payer) request.set_payer_id(1);
    request.set_page_size(10);
    std::vector<int64_t> ids;
    do {
      const auto page = List(request);
      ASSERT_LE(page.response.tips_size(), 10);
      for (const v1::Tip& tip : page.response.tips()) ids.push_back(tip.decision().tip_id());
      request.set_page_token(page.response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(ids, newest_first);
  }
}

TEST_F(HistoryHandlers, ATimeRangeListsItsTipsOnly) {
  Tip("a");
  gate_.clock.Advance(absl::Minutes(1));
  const int64_t from = gate_.clock.now_ms() / 1000;
  const int64_t id = Tip("b").response.decision().tip_id();
  gate_.clock.Advance(absl::Minutes(1));
  Tip("c");
  v1::ListTipsRequest request;
  request.mutable_start_time()->set_seconds(from);
  request.mutable_end_time()->set_seconds(from + 60);
  const auto called = List(request);
  ASSERT_EQ(called.response.tips_size(), 1);
  EXPECT_EQ(called.response.tips(0).decision().tip_id(), id);
  request.set_payer_id(1);
  EXPECT_EQ(List(request).response.tips_size(), 1);
  request.mutable_end_time()->set_seconds(0);
  EXPECT_EQ(List(request).response.tips_size(), 0);
}

TEST_F(HistoryHandlers, APageTokenOfAnotherListIsRefused) {
  Tip("a");
  Tip("b");
  v1::ListTipsRequest request;
  request.set_payer_id(1);
  request.set_page_size(1);
  request.set_page_token(List(request).response.next_page_token());
  ASSERT_FALSE(request.page_token().empty());
  EXPECT_EQ(List(request).response.tips_size(), 1);
  request.set_payer_id(2);
  EXPECT_EQ(List(request).error->field, "page_token");
}

TEST_F(HistoryHandlers, DamageIsToldAndNotGuessedAround) {
  const int64_t id = Tip("a").response.decision().tip_id();
  gate_.journal.Spoil(RecordId(id).sequence());
  EXPECT_EQ(Tip("a").reason(), ErrorReason::kDamaged);
  EXPECT_EQ(GetTip(id).reason(), ErrorReason::kDamaged);
  EXPECT_EQ(List(v1::ListTipsRequest()).reason(), ErrorReason::kDamaged);
  v1::AuthorizeTipsRequest request;
  Fill("a", 1, request.add_tips());
  Fill("b", 1, request.add_tips());
  const auto called = Tips(request);
  EXPECT_EQ(called.response.results(0).error().reason(), v1::ERROR_REASON_DAMAGED);
  EXPECT_TRUE(called.response.results(1).has_decision());
  EXPECT_EQ(gate_.stats().damaged_reads.value(), 4);
}

}  // namespace
}  // namespace tipgate

#include "bench/load_wire.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "bench/load_traffic.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::TipIntent LargestIntent() {
  v1::TipIntent intent;
  intent.set_idempotency_key("ffffffffffffffff");
  intent.set_payer_id(INT64_MAX);
  intent.set_streamer_id(INT64_MAX);
  intent.set_session_id(INT64_MAX);
  intent.set_gift_id(INT64_MAX);
  intent.set_unit_price_minor(10'000'000'000);
  intent.set_count(9'999);
  return intent;
}

void Add(TipRequestWriter& writer, uint64_t key, const v1::TipIntent& intent) {
  writer.Add(key, intent.payer_id(), EncodeSessionFields(intent.streamer_id(), intent.session_id()),
             EncodeGiftFields(intent.gift_id(), intent.unit_price_minor(), intent.count()));
}

TEST(TipRequestWriter, WritesWhatProtobufReads) {
  TipRequestWriter writer;
  const v1::TipIntent largest = LargestIntent();
  v1::TipIntent smallest;
  smallest.set_idempotency_key("0000000000000001");
  smallest.set_payer_id(1);
  smallest.set_streamer_id(2);
  smallest.set_session_id(3);
  smallest.set_gift_id(4);
  smallest.set_unit_price_minor(5);
  smallest.set_count(6);
  Add(writer, UINT64_MAX, largest);
  Add(writer, 1, smallest);
  v1::AuthorizeTipsRequest request;
  ASSERT_TRUE(request.ParseFromString(Flattened(writer.Take())));
  ASSERT_EQ(request.tips_size(), 2);
  EXPECT_TRUE(MessageDifferencer::Equals(request.tips(0), largest));
  EXPECT_TRUE(MessageDifferencer::Equals(request.tips(1), smallest));
}

TEST(TipRequestWriter, BeginsAnewAfterTake) {
  TipRequestWriter writer;
  Add(writer, 1, LargestIntent());
  writer.Take();
  Add(writer, UINT64_MAX, LargestIntent());
  v1::AuthorizeTipRequest request;
  ASSERT_TRUE(request.ParseFromString(Flattened(writer.Take())));
  EXPECT_TRUE(MessageDifferencer::Equals(request.tip(), LargestIntent()));
}

v1::TipDecision Decision(v1::Outcome outcome) {
  v1::TipDecision decision;
  decision.set_tip_id(77);
  decision.set_outcome(outcome);
  decision.add_violations()->set_code(v1::REJECTION_CODE_DAY_LIMIT);
  decision.mutable_decide_time()->set_seconds(1);
  decision.set_policy_version(1);
  return decision;
}

v1::AuthorizeTipsResponse MixedResponse() {
  v1::AuthorizeTipsResponse response;
  *response.add_results()->mutable_decision() = Decision(v1::OUTCOME_ACCEPTED);
  *response.add_results()->mutable_decision() = Decision(v1::OUTCOME_REJECTED);
  *response.add_results()->mutable_decision() = Decision(v1::OUTCOME_REJECTED);
  response.add_results()->mutable_error()->set_field("tips[3].count");
  return response;
}

TEST(ReadTipsResponse, CountsEachKindOfResult) {
  const auto outcomes = ReadTipsResponse(MixedResponse().SerializeAsString(), 4);
  ASSERT_TRUE(outcomes.ok()) << outcomes.status();
  EXPECT_EQ(outcomes->accepted_count, 1);
  EXPECT_EQ(outcomes->rejected_count, 2);
  EXPECT_EQ(outcomes->error_count, 1);
  EXPECT_EQ(outcomes->first_error, "tips[3].count: ");
  EXPECT_EQ(outcomes->first_rejection, "REJECTION_CODE_DAY_LIMIT");
}

TEST(ReadTipsResponse, RefusesAnotherNumberOfResults) {
  const std::string bytes = MixedResponse().SerializeAsString();
  EXPECT_FALSE(ReadTipsResponse(bytes, 3).ok());
  EXPECT_FALSE(ReadTipsResponse(bytes, 5).ok());
  EXPECT_FALSE(ReadTipsResponse("", 1).ok());
}

// Cut between two results it is a shorter list, and refused for that; cut elsewhere it is
// malformed.
TEST(ReadTipsResponse, RefusesEveryTruncation) {
  const std::string bytes = MixedResponse().SerializeAsString();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ReadTipsResponse(bytes.substr(0, size), 4).ok()) << size;
  }
}

TEST(ReadTipsResponse, RefusesAResultWithoutAnOutcome) {
  v1::AuthorizeTipsResponse response;
  response.add_results();
  EXPECT_FALSE(ReadTipsResponse(response.SerializeAsString(), 1).ok());
  response.mutable_results(0)->mutable_decision()->set_tip_id(1);
  EXPECT_FALSE(ReadTipsResponse(response.SerializeAsString(), 1).ok());
}

TEST(ReadTipResponse, CountsItsDecision) {
  v1::AuthorizeTipResponse response;
  *response.mutable_decision() = Decision(v1::OUTCOME_REJECTED);
  const auto outcomes = ReadTipResponse(response.SerializeAsString());
  ASSERT_TRUE(outcomes.ok()) << outcomes.status();
  EXPECT_EQ(outcomes->accepted_count, 0);
  EXPECT_EQ(outcomes->rejected_count, 1);
}

TEST(ReadTipResponse, RefusesAnEmptyReply) { EXPECT_FALSE(ReadTipResponse("").ok()); }

}  // namespace
}  // namespace tipgate

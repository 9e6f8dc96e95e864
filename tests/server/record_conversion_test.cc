#include "server/record_conversion.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/substitute.h"
#include "server/tip_change_conversion.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

// 2026-11-23 20:00:00 in Shanghai, when the sample gate starts.
constexpr int64_t kNowSeconds = 1'795'435'200;
constexpr int64_t kDaySeconds = 86'400;
constexpr int64_t kMidnightSeconds = kNowSeconds + 4 * 3'600;

class RecordConversion : public testing::Test {
 protected:
  RecordConversion() { gate_.PutScene(); }

  Entry EntryOf(RecordId id) {
    Entry entry;
    EXPECT_TRUE(gate_.journal->Read(id.sequence(), &entry).ok());
    return entry;
  }

  v1::Tip TipOf(RecordId id) {
    const Entry entry = EntryOf(id);
    v1::Tip tip;
    const auto& record = std::get<TipRecord>(entry.records[id.position()]);
    FillTip(record, entry, id, &tip);
    if (record.is_accepted()) FillTipLife(gate_.FindTip(id), gate_.state.totals, &tip);
    return tip;
  }

  // The answer to the newest change.
  template <typename ResponseType, typename RecordType>
  ResponseType NewestResponse() {
    const Entry entry = EntryOf(RecordId(gate_.journal->Head().sequence, 0));
    ResponseType response;
    FillResponse(std::get<RecordType>(entry.records.back()), entry,
                 entry.IdAt(entry.records.size() - 1), &response);
    return response;
  }

  CoreGate gate_;
};

template <typename MessageType>
void ExpectText(const MessageType& actual, const std::string& text) {
  MessageType expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &expected)) << text;
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(expected, actual)) << difference;
}

TEST_F(RecordConversion, AnAcceptedTipTellsItsTotalsAndSettleTime) {
  const RecordId id = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 2)).id;
  ExpectText(TipOf(id).decision(),
             absl::Substitute(R"pb(
                                tip_id: $0
                                outcome: OUTCOME_ACCEPTED
                                amount_minor: 20000
                                amount_max_minor: 500000
                                count_max: 50
                                day_total_minor: 20000
                                day_left_minor: 1980000
                                month_total_minor: 20000
                                month_left_minor: 9980000
                                settle_time { seconds: $1 }
                                decide_time { seconds: $2 }
                                policy_version: 1
                              )pb",
                              id.value(), kNowSeconds + kDaySeconds, kNowSeconds));
}

TEST_F(RecordConversion, ARejectedTipTellsEveryReason) {
  for (int i = 0; i < 4; ++i) gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  const RecordId id = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 51)).id;
  ExpectText(TipOf(id).decision(), absl::Substitute(R"pb(
                                                      tip_id: $0
                                                      outcome: OUTCOME_REJECTED
                                                      violations {
                                                        code: REJECTION_CODE_TIP_CAP
                                                        limit_minor: 500000
                                                        requested_minor: 510000
                                                        origin: LIMIT_ORIGIN_POLICY
                                                      }
                                                      violations {
                                                        code: REJECTION_CODE_DAY_LIMIT
                                                        limit_minor: 2000000
                                                        used_minor: 2000000
                                                        requested_minor: 510000
                                                        origin: LIMIT_ORIGIN_POLICY
                                                        retry_time { seconds: $1 }
                                                      }
                                                      amount_minor: 510000
                                                      day_total_minor: 2000000
                                                      month_total_minor: 2000000
                                                      month_left_minor: 8000000
                                                      decide_time { seconds: $2 }
                                                      policy_version: 1
                                                    )pb",
                                                    id.value(), kMidnightSeconds, kNowSeconds));
}

TEST_F(RecordConversion, ATipTellsTheThresholdsThatItReached) {
  gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  const RecordId id = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50)).id;
  const v1::TipDecision decision = TipOf(id).decision();
  ASSERT_EQ(decision.reminders_size(), 2);
  EXPECT_EQ(decision.reminders(0).period(), v1::PERIOD_DAY);
  EXPECT_EQ(decision.reminders(0).threshold_permille(), 300);
  EXPECT_EQ(decision.reminders(1).threshold_permille(), 500);
}

TEST_F(RecordConversion, ATipThatTimeAloneCuresTellsWhen) {
  for (int i = 0; i < 4; ++i) gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 50));
  const RecordId id = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)).id;
  EXPECT_EQ(TipOf(id).decision().retry_time().seconds(), kMidnightSeconds);
}

TEST_F(RecordConversion, AnIntentComesBackAsItWasAsked) {
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(1), 3);
  request.intent.create_time_ms = gate_.now_ms - 1;
  ExpectText(TipOf(gate_.Tip(request).id).intent(),
             absl::Substitute(R"pb(
                                idempotency_key: "$0"
                                payer_id: 1
                                streamer_id: 1
                                session_id: 1
                                gift_id: 1
                                unit_price_minor: 1
                                count: 3
                                create_time { seconds: $1 nanos: 999000000 }
                              )pb",
                              std::string(request.intent.key.view()), kNowSeconds - 1));
}

TEST_F(RecordConversion, ADryRunHasNoId) {
  const Decided checked = gate_.Check(gate_.MakeTip(PayerId(1), GiftId(1), 1));
  Entry dry;
  v1::TipDecision decision;
  TipRecord tip = checked.tip;
  tip.violations = {};
  tip.reminders = {};
  FillDecision(tip, dry, RecordId(), &decision);
  EXPECT_EQ(decision.tip_id(), 0);
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_ACCEPTED);
}

TEST_F(RecordConversion, ATipIsPendingUntilTheCursorOfItsDelayHasPassedIt) {
  constexpr int64_t kDayMs = kDaySeconds * 1000;
  const RecordId soon = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)).id;
  const RecordId late = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 10)).id;  // 7 days
  gate_.Advance(absl::Seconds(1));
  const RecordId later = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)).id;
  const RecordId never = gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(3), 1)).id;
  EXPECT_EQ(TipOf(soon).state(), v1::TIP_STATE_PENDING);
  gate_.Advance(absl::Hours(24) - absl::Seconds(1));
  ASSERT_TRUE(gate_.Settle(kDayMs));
  EXPECT_EQ(TipOf(soon).state(), v1::TIP_STATE_SETTLED);
  EXPECT_EQ(TipOf(later).state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(TipOf(late).state(), v1::TIP_STATE_PENDING);
  EXPECT_EQ(TipOf(never).state(), v1::TIP_STATE_REJECTED);
}

TEST_F(RecordConversion, AHeldRechargeTellsWhenItExpires) {
  const RecordId id = gate_.Recharge(PayerId(1), Money(1'000), 60'000).id;
  const auto response = NewestResponse<v1::AuthorizeRechargeResponse, RechargeRecord>();
  ExpectText(response.decision(), absl::Substitute(R"pb(
                                                     recharge_id: $0
                                                     outcome: OUTCOME_ACCEPTED
                                                     amount_minor: 1000
                                                     amount_max_minor: 500000
                                                     day_total_minor: 1000
                                                     day_left_minor: 1999000
                                                     month_total_minor: 1000
                                                     month_left_minor: 4999000
                                                     state: RECHARGE_STATE_HELD
                                                     expire_time { seconds: $1 }
                                                     decide_time { seconds: $2 }
                                                     policy_version: 1
                                                   )pb",
                                                   id.value(), kNowSeconds + 60, kNowSeconds));
}

TEST_F(RecordConversion, ARejectedRechargeHasAnIdAndItsReasons) {
  const RecordId id = gate_.Recharge(PayerId(1), Money(500'001)).id;
  const auto response = NewestResponse<v1::AuthorizeRechargeResponse, RechargeRecord>();
  EXPECT_EQ(response.decision().recharge_id(), id.value());
  EXPECT_EQ(response.decision().state(), v1::RECHARGE_STATE_REJECTED);
  ASSERT_EQ(response.decision().violations_size(), 1);
  EXPECT_EQ(response.decision().violations(0).code(), v1::REJECTION_CODE_RECHARGE_CAP);
  EXPECT_FALSE(response.decision().has_expire_time());
}

TEST_F(RecordConversion, ACaptureHasTheIdOfTheRecharge) {
  const RecordId id = gate_.Recharge(PayerId(1), Money(1'000)).id;
  gate_.Advance(absl::Seconds(1));
  gate_.Capture(id);
  const auto response = NewestResponse<v1::CaptureRechargeResponse, RechargeRecord>();
  EXPECT_EQ(response.decision().recharge_id(), id.value());
  EXPECT_EQ(response.decision().state(), v1::RECHARGE_STATE_CAPTURED);
  EXPECT_EQ(response.decision().decide_time().seconds(), kNowSeconds + 1);
  EXPECT_FALSE(response.return_money());
}

TEST_F(RecordConversion, ALateCaptureThatIsRefusedReturnsTheMoney) {
  const RecordId id = gate_.Recharge(PayerId(1), Money(500'000), 1'000).id;
  gate_.Advance(absl::Minutes(1));
  for (int i = 0; i < 4; ++i) gate_.Recharge(PayerId(1), Money(500'000));
  gate_.Capture(id);
  const auto response = NewestResponse<v1::CaptureRechargeResponse, RechargeRecord>();
  EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(response.decision().state(), v1::RECHARGE_STATE_RETURNED);
  EXPECT_TRUE(response.return_money());
}

TEST_F(RecordConversion, AVoidedRechargeIsTakenBack) {
  const RecordId id = gate_.Recharge(PayerId(1), Money(1'000)).id;
  gate_.Void(id);
  const auto response = NewestResponse<v1::VoidRechargeResponse, RechargeRecord>();
  EXPECT_EQ(response.decision().recharge_id(), id.value());
  EXPECT_EQ(response.decision().state(), v1::RECHARGE_STATE_VOIDED);
  EXPECT_EQ(response.decision().day_total_minor(), 0);
}

TEST_F(RecordConversion, FactsOfAPayerComeBackWithTheTimeThatTheyGot) {
  PayerRecord record;
  record.payer = PayerId(7);
  record.is_verified = true;
  record.age.birth_date = {.year = 2000, .month = 2, .day = 29};
  record.source = SourceName("idp");
  gate_.PutPayer(record);
  ExpectText(NewestResponse<v1::PutPayerResponse, PayerRecord>(),
             absl::Substitute(R"pb(
                                payer_id: 7
                                facts {
                                  real_name_verified: true
                                  birth_date { year: 2000 month: 2 day: 29 }
                                  source: "idp"
                                  observe_time { seconds: $0 }
                                }
                                update_time { seconds: $0 }
                              )pb",
                              kNowSeconds));
}

TEST_F(RecordConversion, FactsOfAStreamerComeBackInFull) {
  StreamerRecord record;
  record.streamer = StreamerId(7);
  record.is_verified = true;
  record.age.band = AgeBand::k16To17;
  record.has_guardian_consent = true;
  record.tier = TierName("L2");
  record.agency = AgencyId(8);
  record.requested_observe_time_ms = (kNowSeconds - 5) * 1000;
  gate_.PutStreamer(record);
  ExpectText(NewestResponse<v1::PutStreamerResponse, StreamerRecord>(),
             absl::Substitute(R"pb(
                                streamer_id: 7
                                facts {
                                  real_name_verified: true
                                  age_band: AGE_BAND_16_TO_17
                                  guardian_consent: true
                                  tier: "L2"
                                  agency_id: 8
                                  observe_time { seconds: $0 }
                                }
                                update_time { seconds: $1 }
                              )pb",
                              kNowSeconds - 5, kNowSeconds));
}

TEST_F(RecordConversion, AnUnknownAgeIsNotSet) {
  PayerRecord record;
  record.payer = PayerId(7);
  gate_.PutPayer(record);
  const auto response = NewestResponse<v1::PutPayerResponse, PayerRecord>();
  EXPECT_EQ(response.facts().age_case(), v1::PayerFacts::AGE_NOT_SET);
}

TEST_F(RecordConversion, AnOpenedSessionTellsItsLimits) {
  gate_.PutAdultStreamer(StreamerId(2), "L1");
  gate_.OpenSession(SessionId(2), StreamerId(2));
  ExpectText(NewestResponse<v1::OpenSessionResponse, SessionRecord>(),
             absl::Substitute(R"pb(
                                outcome: OUTCOME_ACCEPTED
                                session {
                                  session_id: 2
                                  streamer_id: 2
                                  tier: "L1"
                                  open_time { seconds: $0 }
                                  max_end_time { seconds: $1 }
                                  received_max_minor: 2000000
                                }
                                decide_time { seconds: $0 }
                                policy_version: 1
                              )pb",
                              kNowSeconds, kNowSeconds + 4 * 3'600));
}

TEST_F(RecordConversion, ARefusedSessionIsNotThere) {
  gate_.OpenSession(SessionId(2), StreamerId(1));
  const auto response = NewestResponse<v1::OpenSessionResponse, SessionRecord>();
  EXPECT_EQ(response.outcome(), v1::OUTCOME_REJECTED);
  EXPECT_FALSE(response.has_session());
  ASSERT_EQ(response.violations_size(), 1);
  EXPECT_EQ(response.violations(0).code(), v1::REJECTION_CODE_SESSION_ALREADY_OPEN);
}

TEST_F(RecordConversion, AClosedSessionTellsWhatItReceived) {
  gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(5), 1));
  gate_.Advance(absl::Minutes(1));
  gate_.CloseSession(SessionId(1));
  const auto response = NewestResponse<v1::CloseSessionResponse, SessionRecord>();
  EXPECT_EQ(response.session().received_minor(), 10'000);
  EXPECT_EQ(response.session().received_max_minor(), 50'000'000);
  EXPECT_EQ(response.session().open_time().seconds(), kNowSeconds);
  EXPECT_EQ(response.session().close_time().seconds(), kNowSeconds + 60);
}

}  // namespace
}  // namespace tipgate

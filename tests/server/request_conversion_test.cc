#include "server/request_conversion.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/server/conversion_faults.h"

namespace tipgate {
namespace {

std::string KeyOf(int bytes) {
  return absl::StrCat("idempotency_key: '", std::string(static_cast<size_t>(bytes), 'k'), "'");
}

constexpr char kTip[] = R"pb(
  idempotency_key: "k"
  payer_id: 1
  streamer_id: 2
  session_id: 3
  gift_id: 4
  unit_price_minor: 5
  count: 6
)pb";

TEST(RequestConversion, EveryFieldOfATipArrives) {
  TipRequest request;
  const auto message =
      Parse<v1::TipIntent>(absl::StrCat(kTip, "create_time { seconds: 7 nanos: 8999999 }"));
  EXPECT_FALSE(Convert(message, KeyUse::kRequired, &request).has_value());
  EXPECT_EQ(request.intent.key.view(), "k");
  EXPECT_EQ(request.intent.create_time_ms, 7008);
  EXPECT_EQ(request.payer, PayerId(1));
  EXPECT_EQ(request.streamer, StreamerId(2));
  EXPECT_EQ(request.session, SessionId(3));
  EXPECT_EQ(request.gift, GiftId(4));
  EXPECT_EQ(request.unit_price, Money(5));
  EXPECT_EQ(request.count, 6);
}

TEST(RequestConversion, TipsAreCheckedFieldByField) {
  const Case cases[] = {
      {"idempotency_key: ''", "idempotency_key: must be 1 .. 64 bytes, was 0"},
      {KeyOf(64), ""},
      {KeyOf(65), "idempotency_key: must be 1 .. 64 bytes, was 65"},
      {"payer_id: 0", "payer_id: must be at least 1, was 0"},
      {"payer_id: 9223372036854775807", ""},
      {"streamer_id: -1", "streamer_id: must be at least 1, was -1"},
      {"session_id: 0", "session_id: must be at least 1, was 0"},
      {"gift_id: 0", "gift_id: must be at least 1, was 0"},
      {"unit_price_minor: 0", "unit_price_minor: must be 1 .. 10000000000, was 0"},
      {"unit_price_minor: 10000000000", ""},
      {"unit_price_minor: 10000000001",
       "unit_price_minor: must be 1 .. 10000000000, was 10000000001"},
      {"count: 0", "count: must be 1 .. 9999, was 0"},
      {"count: 9999", ""},
      {"count: 10000", "count: must be 1 .. 9999, was 10000"},
      {"hold: true", ""},
      {"hold: true hold_ttl { seconds: 1 }", ""},
      {"hold: true hold_ttl { seconds: 86400 }", ""},
      {"hold: true hold_ttl { nanos: 999000000 }",
       "hold_ttl: must be 1s .. 1d in whole milliseconds"},
      {"hold: true hold_ttl { seconds: 86400 nanos: 1000000 }",
       "hold_ttl: must be 1s .. 1d in whole milliseconds"},
      {"hold_ttl { seconds: 1 }", "hold_ttl: must be left out without hold"},
      {"create_time { seconds: -62135596800 }", ""},
      {"create_time { seconds: -62135596801 }", absl::StrCat("create_time", kTimeExpected)},
      {"create_time { seconds: 253402300799 nanos: 999999999 }", ""},
      {"create_time { seconds: 253402300800 }", absl::StrCat("create_time", kTimeExpected)},
      {"create_time { nanos: -1 }", absl::StrCat("create_time", kTimeExpected)},
      {"create_time { nanos: 1000000000 }", absl::StrCat("create_time", kTimeExpected)},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::TipIntent, TipRequest>(kTip, c.change)), c.fault) << c.change;
  }
}

TEST(RequestConversion, ACreateTimeAtTheEpochIsToldAllTheSame) {
  TipRequest request;
  const auto message = Parse<v1::TipIntent>(absl::StrCat(kTip, "create_time {}"));
  EXPECT_FALSE(Convert(message, KeyUse::kRequired, &request).has_value());
  EXPECT_NE(request.intent.create_time_ms, 0);
}

TEST(RequestConversion, ADryRunDoesNotLookAtTheKey) {
  for (const std::string& key : {std::string(), std::string(65, 'k')}) {
    v1::TipIntent message = Parse<v1::TipIntent>(kTip);
    message.set_idempotency_key(key);
    TipRequest request;
    EXPECT_FALSE(Convert(message, KeyUse::kIgnored, &request).has_value());
    EXPECT_TRUE(request.intent.key.empty());
  }
}

TEST(RequestConversion, RechargesAreCheckedFieldByField) {
  constexpr char kHoldExpected[] = "hold_duration: must be 1s .. 1d in whole milliseconds";
  const Case cases[] = {
      {"", ""},
      {KeyOf(65), "idempotency_key: must be 1 .. 64 bytes, was 65"},
      {"payer_id: 0", "payer_id: must be at least 1, was 0"},
      {"amount_minor: 0", "amount_minor: must be 1 .. 100000000000000, was 0"},
      {"amount_minor: 100000000000000", ""},
      {"amount_minor: 100000000000001",
       "amount_minor: must be 1 .. 100000000000000, was 100000000000001"},
      {"hold_duration { seconds: 1 }", ""},
      {"hold_duration { seconds: 86400 }", ""},
      {"hold_duration { nanos: 999000000 }", kHoldExpected},
      {"hold_duration { seconds: 86400 nanos: 1000000 }", kHoldExpected},
      {"hold_duration { seconds: 86401 }", kHoldExpected},
      {"hold_duration { seconds: 5 nanos: 1 }", kHoldExpected},
      {"hold_duration { seconds: -5 }", kHoldExpected},
      {"hold_duration { seconds: 5 nanos: -1000000 }", kHoldExpected},
      {"hold_duration { seconds: 5 nanos: 1000000000 }", kHoldExpected},
      {"hold_duration {}", kHoldExpected},
      {"create_time { nanos: -1 }", absl::StrCat("create_time", kTimeExpected)},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::AuthorizeRechargeRequest, RechargeRequest>(
                  "idempotency_key: 'k' payer_id: 1 amount_minor: 2", c.change)),
              c.fault)
        << c.change;
  }
}

TEST(RequestConversion, EndsOfRechargesAreCheckedFieldByField) {
  const Case cases[] = {
      {"", ""},
      {"idempotency_key: ''", "idempotency_key: must be 1 .. 64 bytes, was 0"},
      {"recharge_id: 0", "recharge_id: must be at least 1, was 0"},
  };
  constexpr char kBase[] = "idempotency_key: 'k' recharge_id: 1";
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::CaptureRechargeRequest, RechargeChange>(kBase, c.change)), c.fault);
    EXPECT_EQ((FaultOf<v1::VoidRechargeRequest, RechargeChange>(kBase, c.change)), c.fault);
  }
}

TEST(RequestConversion, ACaptureIsNotAVoid) {
  RechargeChange capture;
  RechargeChange release;
  EXPECT_FALSE(
      Convert(Parse<v1::CaptureRechargeRequest>("idempotency_key: 'k' recharge_id: 9"), &capture));
  EXPECT_FALSE(
      Convert(Parse<v1::VoidRechargeRequest>("idempotency_key: 'k' recharge_id: 9"), &release));
  EXPECT_EQ(capture.action, RechargeAction::kCapture);
  EXPECT_EQ(release.action, RechargeAction::kVoid);
  EXPECT_EQ(capture.recharge, RecordId(9));
}

TEST(RequestConversion, SelfLimitsAreCheckedFieldByField) {
  constexpr char kOneOf[] =
      "tip_max: at least one of tip_max, day_limit and month_limit must be set";
  const Case cases[] = {
      {"", kOneOf},
      {"payer_id: 0", "payer_id: must be at least 1, was 0"},
      {"tip_max {}", "tip_max.kind: must be SET, REMOVE or WITHDRAW_RAISE"},
      {"tip_max { kind: 4 }", "tip_max.kind: must be SET, REMOVE or WITHDRAW_RAISE"},
      {"tip_max { kind: SELF_LIMIT_CHANGE_KIND_SET }", "tip_max.limit_minor: must be set"},
      {"tip_max { kind: SELF_LIMIT_CHANGE_KIND_SET limit_minor: 0 }", ""},
      {"day_limit { kind: SELF_LIMIT_CHANGE_KIND_SET limit_minor: -1 }",
       "day_limit.limit_minor: must be 0 .. 1000000000000000, was -1"},
      {"day_limit { kind: SELF_LIMIT_CHANGE_KIND_REMOVE }", ""},
      {"month_limit { kind: SELF_LIMIT_CHANGE_KIND_WITHDRAW_RAISE }", ""},
      {"month_limit { kind: SELF_LIMIT_CHANGE_KIND_REMOVE limit_minor: 5 }",
       "month_limit.limit_minor: must be left out unless kind is SET"},
      {"day_limit { kind: SELF_LIMIT_CHANGE_KIND_REMOVE } confirmation_token: "
       "'0123456789abcdef0123456789abcdef'",
       ""},
      {"day_limit { kind: SELF_LIMIT_CHANGE_KIND_REMOVE } confirmation_token: "
       "'0123456789abcdef0123456789abcdef0'",
       "confirmation_token: must be 0 .. 32 bytes, was 33"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::SetSelfLimitsRequest, SelfLimitsRecord>(
                  "idempotency_key: 'k' payer_id: 1", c.change)),
              c.fault)
        << c.change;
  }
}

TEST(RequestConversion, EachChangeOfASelfLimitArrives) {
  SelfLimitsRecord request;
  EXPECT_FALSE(Convert(Parse<v1::SetSelfLimitsRequest>(R"pb(
                         idempotency_key: "k"
                         payer_id: 9
                         tip_max { kind: SELF_LIMIT_CHANGE_KIND_SET limit_minor: 5 }
                         day_limit { kind: SELF_LIMIT_CHANGE_KIND_REMOVE }
                         confirmation_token: "cafe"
                       )pb"),
                       &request));
  EXPECT_EQ(request.payer, PayerId(9));
  EXPECT_EQ(request.tip_max_change,
            (LimitChange{.kind = LimitChangeKind::kSet, .amount = Money(5)}));
  EXPECT_EQ(request.day_limit_change, (LimitChange{.kind = LimitChangeKind::kRemove}));
  EXPECT_EQ(request.month_limit_change, LimitChange());
  EXPECT_EQ(request.token.view(), "cafe");
}

TEST(RequestConversion, ConfirmationsAreCheckedFieldByField) {
  constexpr char kScopes[] = "scope: must be DAY_GATE, MONTH_GATE, SELF_LIMITS or REMINDERS";
  for (const Case& c :
       {Case{"", ""}, Case{"scope: 0", kScopes}, Case{"scope: 5", kScopes}, Case{"scope: 4", ""},
        Case{"payer_id: 0", "payer_id: must be at least 1, was 0"}}) {
    EXPECT_EQ((FaultOf<v1::StartConfirmationRequest, ConfirmationRecord>(
                  "idempotency_key: 'k' payer_id: 1 scope: CONFIRMATION_SCOPE_DAY_GATE", c.change)),
              c.fault);
  }
  const Case cases[] = {
      {"", ""},
      {"scope: 0", kScopes},
      {"token: ''", "token: must be 1 .. 32 bytes, was 0"},
      {"token: '0123456789abcdef0123456789abcdef0'", "token: must be 1 .. 32 bytes, was 33"},
      {"proof_reference: ''", "proof_reference: must be 1 .. 64 bytes, was 0"},
      {absl::StrCat("proof_reference: '", std::string(65, 'p'), "'"),
       "proof_reference: must be 1 .. 64 bytes, was 65"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::CompleteConfirmationRequest, ConfirmationRecord>(
                  "idempotency_key: 'k' payer_id: 1 scope: CONFIRMATION_SCOPE_SELF_LIMITS "
                  "token: 't' proof_reference: 'p'",
                  c.change)),
              c.fault)
        << c.change;
  }
}

TEST(RequestConversion, FreezesWantACase) {
  const Case cases[] = {
      {"", ""},
      {"payer_id: 0", "payer_id: must be at least 1, was 0"},
      {"case_reference: ''", "case_reference: must be 1 .. 64 bytes, was 0"},
      {absl::StrCat("case_reference: '", std::string(65, 'c'), "'"),
       "case_reference: must be 1 .. 64 bytes, was 65"},
  };
  constexpr char kBase[] = "idempotency_key: 'k' payer_id: 1 case_reference: 'c'";
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::FreezePayerRequest, PayerFreezeRecord>(kBase, c.change)), c.fault);
    EXPECT_EQ((FaultOf<v1::UnfreezePayerRequest, PayerFreezeRecord>(kBase, c.change)), c.fault);
  }
  PayerFreezeRecord freeze;
  PayerFreezeRecord unfreeze;
  EXPECT_FALSE(Convert(Parse<v1::FreezePayerRequest>(kBase), &freeze));
  EXPECT_FALSE(Convert(Parse<v1::UnfreezePayerRequest>(kBase), &unfreeze));
  EXPECT_EQ(freeze.action, FreezeAction::kFreeze);
  EXPECT_EQ(unfreeze.action, FreezeAction::kUnfreeze);
  EXPECT_EQ(freeze.case_name.view(), "c");
}

TEST(RequestConversion, CoolingOffsAreCheckedFieldByField) {
  constexpr char kExpected[] = "duration: must be 1s .. 30d in whole milliseconds";
  const Case cases[] = {
      {"", "duration: must be set"},
      {"duration { nanos: 999000000 }", kExpected},
      {"duration { seconds: 1 }", ""},
      {"duration { seconds: 2592000 }", ""},
      {"duration { seconds: 2592000 nanos: 1000000 }", kExpected},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::StartCoolingOffRequest, CoolingOffRecord>(
                  "idempotency_key: 'k' payer_id: 1", c.change)),
              c.fault);
  }
}

TEST(RequestConversion, P1APauseHasOneOfTheLengthsThatAreOffered) {
  const auto fault_of = [](absl::Duration duration) {
    v1::PausePayerRequest message;
    message.set_idempotency_key("k");
    message.set_payer_id(1);
    message.mutable_duration()->set_seconds(absl::ToInt64Seconds(duration));
    PauseRecord request;
    const std::optional<CallError> fault = Convert(message, &request);
    return fault.has_value() ? fault->field : "";
  };
  for (const int days : {1, 7, 30, 42, 184, 185, 3'660}) {
    EXPECT_EQ(fault_of(absl::Hours(24) * days), "") << days;
  }
  for (const int days : {0, 2, 8, 31, 43, 183, 3'661}) {
    EXPECT_EQ(fault_of(absl::Hours(24) * days), "duration") << days;
  }
  EXPECT_EQ(fault_of(absl::Hours(24) - absl::Seconds(1)), "duration");
}

TEST(RequestConversion, SessionsAreCheckedFieldByField) {
  constexpr char kBase[] = "idempotency_key: 'k' session_id: 1";
  const Case cases[] = {
      {"", ""},
      {"idempotency_key: ''", "idempotency_key: must be 1 .. 64 bytes, was 0"},
      {"session_id: 0", "session_id: must be at least 1, was 0"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::OpenSessionRequest, SessionRequest>(
                  absl::StrCat(kBase, " streamer_id: 1"), c.change)),
              c.fault);
    EXPECT_EQ((FaultOf<v1::CloseSessionRequest, CloseRequest>(kBase, c.change)), c.fault);
  }
  EXPECT_EQ((FaultOf<v1::OpenSessionRequest, SessionRequest>(kBase, "")),
            "streamer_id: must be at least 1, was 0");
}

TEST(RequestConversion, ReadsNeedAnId) {
  EXPECT_EQ((FaultOf<v1::GetPayerRequest, PayerId>("", "payer_id: 1")), "");
  EXPECT_EQ((FaultOf<v1::GetPayerRequest, PayerId>("", "")), "payer_id: must be at least 1, was 0");
  EXPECT_EQ((FaultOf<v1::GetStreamerRequest, StreamerId>("", "")),
            "streamer_id: must be at least 1, was 0");
  EXPECT_EQ((FaultOf<v1::GetSessionRequest, SessionId>("", "")),
            "session_id: must be at least 1, was 0");
}

TEST(RequestConversion, ATipIsNamedByIdOrKey) {
  const Case cases[] = {
      {"", "name: tip_id or idempotency_key must be set"},
      {"tip_id: 1", ""},
      {"tip_id: 0", "tip_id: must be at least 1, was 0"},
      {"idempotency_key: 'k'", ""},
      {"idempotency_key: ''", "idempotency_key: must be 1 .. 64 bytes, was 0"},
      {KeyOf(65), "idempotency_key: must be 1 .. 64 bytes, was 65"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::GetTipRequest, TipName>("", c.change)), c.fault) << c.change;
  }
}

TEST(RequestConversion, ListsAreCheckedFieldByField) {
  constexpr char kOnlyOne[] = "at most one of payer_id, streamer_id and session_id may be set";
  const Case cases[] = {
      {"", ""},
      {"payer_id: -1", "payer_id: must be at least 0, was -1"},
      {"streamer_id: -1", "streamer_id: must be at least 0, was -1"},
      {"session_id: -1", "session_id: must be at least 0, was -1"},
      {"payer_id: 1 streamer_id: 1", absl::StrCat("streamer_id: ", kOnlyOne)},
      {"payer_id: 1 session_id: 1", absl::StrCat("session_id: ", kOnlyOne)},
      {"streamer_id: 1 session_id: 1", absl::StrCat("session_id: ", kOnlyOne)},
      {"start_time { nanos: -1 }", absl::StrCat("start_time", kTimeExpected)},
      {"end_time { nanos: -1 }", absl::StrCat("end_time", kTimeExpected)},
      {"page_size: -1", "page_size: must be 0 .. 1000, was -1"},
      {"page_size: 1000", ""},
      {"page_size: 1001", "page_size: must be 0 .. 1000, was 1001"},
      {"page_token: 'garbage'",
       "page_token: must be next_page_token of the page before, with all other fields as then"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ((FaultOf<v1::ListTipsRequest, ListRequest>("", c.change)), c.fault) << c.change;
  }
}

TEST(RequestConversion, APageHolds100TipsIfNothingIsSaid) {
  ListRequest request;
  EXPECT_FALSE(Convert(v1::ListTipsRequest(), &request).has_value());
  EXPECT_EQ(request.page_size, 100);
  EXPECT_FALSE(request.next.is_set());
}

// 5.0001 s: a decision at 5.000 s is before it, one at 5.001 s is not.
TEST(RequestConversion, BoundsOfListsAreRoundedUpToMilliseconds) {
  ListRequest request;
  const auto message = Parse<v1::ListTipsRequest>(
      "start_time { seconds: 5 nanos: 100000 } end_time { seconds: 6 nanos: 1000000 }");
  EXPECT_FALSE(Convert(message, &request).has_value());
  EXPECT_EQ(request.filter.start_time_ms, 5001);
  EXPECT_EQ(request.filter.end_time_ms, 6001);
}

TEST(RequestConversion, ATokenGoesOnWithTheSameFilterOnly) {
  TipFilter filter;
  filter.of = PayerId(1);
  const std::string token = MakePageToken(filter, RecordId(7, 8));
  v1::ListTipsRequest message;
  message.set_payer_id(1);
  message.set_page_token(token);
  ListRequest request;
  EXPECT_FALSE(Convert(message, &request).has_value());
  EXPECT_EQ(request.next, RecordId(7, 8));
  message.set_payer_id(2);
  const std::optional<CallError> fault = Convert(message, &request);
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->field, "page_token");
}

}  // namespace
}  // namespace tipgate

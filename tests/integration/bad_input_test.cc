// Malformed fields: INVALID_ARGUMENT that names the field; nothing counted, nothing crashed.

#include <functional>
#include <limits>

#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// One way to spoil a request, and the field that is then named.
template <typename Message>
struct Spoil {
  const char* field;
  std::function<void(Message&)> spoil;
};

class BadInput : public GateTest {
 protected:
  void SetUp() override {
    StartGateWithSession();
    before_ = client().Totals().SerializeAsString();
  }
  void TearDown() override { EXPECT_EQ(client().Totals().SerializeAsString(), before_); }

  // Spoils `valid` in each way, the outermost message being `wrap` of it.
  template <typename Message, typename Wrap>
  void RefusesEach(const Message& valid, const std::string& prefix,
                   const std::vector<Spoil<Message>>& spoils, Wrap wrap) {
    for (const Spoil<Message>& way : spoils) {
      Message message = valid;
      way.spoil(message);
      EXPECT_THAT(client().Try(wrap(message)), NamesInvalidField(prefix + way.field))
          << message.ShortDebugString();
    }
  }
  template <typename Message>
  void RefusesEach(const Message& valid, const std::vector<Spoil<Message>>& spoils) {
    RefusesEach(valid, "", spoils, [](const Message& message) { return message; });
  }

 private:
  std::string before_;
};

// What is wrong with ids, prices and counts of a tip.
const std::vector<Spoil<v1::TipIntent>> kTipSpoils = {
    {"payer_id", [](auto& tip) { tip.set_payer_id(0); }},
    {"payer_id", [](auto& tip) { tip.set_payer_id(-1); }},
    {"payer_id", [](auto& tip) { tip.set_payer_id(kMin); }},
    {"streamer_id", [](auto& tip) { tip.set_streamer_id(0); }},
    {"streamer_id", [](auto& tip) { tip.set_streamer_id(-7); }},
    {"session_id", [](auto& tip) { tip.set_session_id(0); }},
    {"session_id", [](auto& tip) { tip.set_session_id(kMin); }},
    {"gift_id", [](auto& tip) { tip.set_gift_id(0); }},
    {"gift_id", [](auto& tip) { tip.set_gift_id(-1); }},
    {"unit_price_minor", [](auto& tip) { tip.set_unit_price_minor(0); }},
    {"unit_price_minor", [](auto& tip) { tip.set_unit_price_minor(-1); }},
    {"unit_price_minor", [](auto& tip) { tip.set_unit_price_minor(10'000'000'001); }},
    {"unit_price_minor", [](auto& tip) { tip.set_unit_price_minor(kMax); }},
    {"count", [](auto& tip) { tip.set_count(0); }},
    {"count", [](auto& tip) { tip.set_count(-1); }},
    {"count", [](auto& tip) { tip.set_count(10'000); }},
    {"count", [](auto& tip) { tip.set_count(std::numeric_limits<int32_t>::max()); }},
    {"create_time", [](auto& tip) { tip.mutable_create_time()->set_seconds(kMax); }},
    {"create_time", [](auto& tip) { tip.mutable_create_time()->set_nanos(-1); }},
    {"create_time", [](auto& tip) { tip.mutable_create_time()->set_nanos(1'000'000'000); }},
};

const std::vector<Spoil<v1::TipIntent>> kTipKeySpoils = {
    {"idempotency_key", [](auto& tip) { tip.clear_idempotency_key(); }},
    {"idempotency_key", [](auto& tip) { tip.set_idempotency_key(std::string(65, 'k')); }},
    {"idempotency_key", [](auto& tip) { tip.set_idempotency_key(std::string(100'000, 'k')); }},
};

v1::CheckTipRequest CheckOf(const v1::TipIntent& intent) {
  v1::CheckTipRequest request;
  *request.mutable_tip() = intent;
  return request;
}

TEST_F(BadInput, AuthorizeTipAndCheckTipNameTheField) {
  RefusesEach(TipOf("a", 1), "tip.", kTipSpoils, AuthorizeOf);
  RefusesEach(TipOf("a", 1), "tip.", kTipKeySpoils, AuthorizeOf);
  RefusesEach(TipOf("", 1), "tip.", kTipSpoils, CheckOf);
  EXPECT_THAT(client().Try(v1::AuthorizeTipRequest()), NamesInvalidField("tip"));
  EXPECT_THAT(client().Try(v1::CheckTipRequest()), NamesInvalidField("tip"));
}

TEST_F(BadInput, TheEdgesOfATipAreNotMalformed) {
  v1::TipIntent intent = TipOf(std::string(64, 'k'), 9'999);
  intent.set_payer_id(kMax);
  intent.set_streamer_id(kMax);
  intent.set_session_id(kMax);
  intent.set_gift_id(kMax);
  intent.set_unit_price_minor(10'000'000'000);
  const v1::TipDecision decision = client().Check(intent);
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(decision.amount_minor(), 99'990'000'000'000);
}

TEST_F(BadInput, GetTipAndListTipsNameTheField) {
  EXPECT_THAT(client().Try(v1::GetTipRequest()), NamesInvalidField("name"));
  RefusesEach<v1::GetTipRequest>(
      {}, {{"tip_id", [](auto& get) { get.set_tip_id(0); }},
           {"tip_id", [](auto& get) { get.set_tip_id(-1); }},
           {"idempotency_key", [](auto& get) { get.set_idempotency_key(""); }},
           {"idempotency_key", [](auto& get) { get.set_idempotency_key(std::string(65, 'k')); }}});
  RefusesEach<v1::ListTipsRequest>(
      {}, {{"payer_id", [](auto& list) { list.set_payer_id(-1); }},
           {"streamer_id", [](auto& list) { list.set_streamer_id(-1); }},
           {"session_id", [](auto& list) { list.set_session_id(kMin); }},
           {"streamer_id", [](auto& list) { list.set_payer_id(1), list.set_streamer_id(1); }},
           {"page_size", [](auto& list) { list.set_page_size(-1); }},
           {"page_size", [](auto& list) { list.set_page_size(1'001); }},
           {"page_token", [](auto& list) { list.set_page_token("nonsense"); }},
           {"start_time", [](auto& list) { list.mutable_start_time()->set_nanos(-1); }},
           {"end_time", [](auto& list) { list.mutable_end_time()->set_seconds(kMin); }}});
}

TEST_F(BadInput, PutPayerNamesTheField) {
  using Put = v1::PutPayerRequest;
  const auto date = [](int year, int month, int day) {
    return [=](Put& put) {
      v1::Date* birth_date = put.mutable_facts()->mutable_birth_date();
      birth_date->set_year(year);
      birth_date->set_month(month);
      birth_date->set_day(day);
    };
  };
  RefusesEach<Put>(
      PutPayerOf("p", 500, AdultFacts()),
      {{"idempotency_key", [](Put& put) { put.clear_idempotency_key(); }},
       {"idempotency_key", [](Put& put) { put.set_idempotency_key(std::string(65, 'k')); }},
       {"payer_id", [](Put& put) { put.set_payer_id(0); }},
       {"payer_id", [](Put& put) { put.set_payer_id(-1); }},
       {"facts", [](Put& put) { put.clear_facts(); }},
       {"facts.age", [](Put& put) { put.mutable_facts()->clear_age(); }},
       {"facts.age_band",
        [](Put& put) { put.mutable_facts()->set_age_band(static_cast<v1::AgeBand>(5)); }},
       {"facts.age_band",
        [](Put& put) { put.mutable_facts()->set_age_band(static_cast<v1::AgeBand>(-1)); }},
       {"facts.age_band",
        [](Put& put) { put.mutable_facts()->set_age_band(v1::AGE_BAND_UNSPECIFIED); }},
       {"facts.birth_date.year", date(1899, 1, 1)},
       {"facts.birth_date.year", date(10'000, 1, 1)},
       {"facts.birth_date.month", date(1990, 0, 1)},
       {"facts.birth_date.month", date(1990, 13, 1)},
       {"facts.birth_date.day", date(1990, 1, 0)},
       {"facts.birth_date.day", date(1990, 4, 31)},
       {"facts.birth_date.day", date(1900, 2, 29)},
       {"facts.birth_date", date(2500, 1, 1)},
       {"facts.source", [](Put& put) { put.mutable_facts()->set_source(std::string(33, 's')); }},
       {"facts.observe_time",
        [](Put& put) { put.mutable_facts()->mutable_observe_time()->set_nanos(-5); }}});
}

TEST_F(BadInput, PutStreamerNamesTheField) {
  using Put = v1::PutStreamerRequest;
  RefusesEach<Put>(
      PutStreamerOf("s", 600, StreamerFactsOf("T1")),
      {{"idempotency_key", [](Put& put) { put.clear_idempotency_key(); }},
       {"streamer_id", [](Put& put) { put.set_streamer_id(0); }},
       {"facts", [](Put& put) { put.clear_facts(); }},
       {"facts.age", [](Put& put) { put.mutable_facts()->clear_age(); }},
       {"facts.age_band",
        [](Put& put) { put.mutable_facts()->set_age_band(static_cast<v1::AgeBand>(99)); }},
       {"facts.birth_date",
        [](Put& put) {
          v1::Date* birth_date = put.mutable_facts()->mutable_birth_date();
          birth_date->set_year(2500);
          birth_date->set_month(1);
          birth_date->set_day(1);
        }},
       {"facts.tier", [](Put& put) { put.mutable_facts()->clear_tier(); }},
       {"facts.tier", [](Put& put) { put.mutable_facts()->set_tier("NINECHARS"); }},
       {"facts.tier", [](Put& put) { put.mutable_facts()->set_tier("T 1"); }},
       {"facts.tier", [](Put& put) { put.mutable_facts()->set_tier("UNKNOWN"); }},
       {"facts.agency_id", [](Put& put) { put.mutable_facts()->set_agency_id(-1); }}});
}

TEST_F(BadInput, SessionCallsNameTheField) {
  RefusesEach<v1::OpenSessionRequest>(
      OpenSessionOf("o", 700, kStreamer),
      {{"idempotency_key", [](auto& open) { open.clear_idempotency_key(); }},
       {"session_id", [](auto& open) { open.set_session_id(0); }},
       {"streamer_id", [](auto& open) { open.set_streamer_id(-1); }}});
  RefusesEach<v1::CloseSessionRequest>(
      CloseSessionOf("c", kSession),
      {{"idempotency_key", [](auto& close) { close.set_idempotency_key(std::string(65, 'k')); }},
       {"session_id", [](auto& close) { close.set_session_id(-1); }}});
  EXPECT_THAT(client().Try(v1::GetSessionRequest()), NamesInvalidField("session_id"));
  EXPECT_THAT(client().Try(v1::GetPayerRequest()), NamesInvalidField("payer_id"));
  EXPECT_THAT(client().Try(v1::GetStreamerRequest()), NamesInvalidField("streamer_id"));
}

TEST_F(BadInput, RechargeCallsNameTheField) {
  using Authorize = v1::AuthorizeRechargeRequest;
  RefusesEach<Authorize>(
      RechargeOf("r", 100),
      {{"idempotency_key", [](Authorize& r) { r.clear_idempotency_key(); }},
       {"payer_id", [](Authorize& r) { r.set_payer_id(0); }},
       {"amount_minor", [](Authorize& r) { r.set_amount_minor(0); }},
       {"amount_minor", [](Authorize& r) { r.set_amount_minor(-1); }},
       {"amount_minor", [](Authorize& r) { r.set_amount_minor(100'000'000'000'001); }},
       {"amount_minor", [](Authorize& r) { r.set_amount_minor(kMax); }},
       {"hold_duration", [](Authorize& r) { r.mutable_hold_duration()->set_seconds(0); }},
       {"hold_duration", [](Authorize& r) { r.mutable_hold_duration()->set_seconds(86'401); }},
       {"hold_duration", [](Authorize& r) { r.mutable_hold_duration()->set_seconds(kMax); }},
       {"hold_duration", [](Authorize& r) { r.mutable_hold_duration()->set_nanos(-1); }},
       {"create_time", [](Authorize& r) { r.mutable_create_time()->set_nanos(-1); }}});
  RefusesEach<v1::CaptureRechargeRequest>(
      CaptureOf("c", 1), {{"idempotency_key", [](auto& c) { c.clear_idempotency_key(); }},
                          {"recharge_id", [](auto& c) { c.set_recharge_id(0); }}});
  RefusesEach<v1::VoidRechargeRequest>(
      VoidOf("v", 1), {{"idempotency_key", [](auto& v) { v.clear_idempotency_key(); }},
                       {"recharge_id", [](auto& v) { v.set_recharge_id(-1); }}});
}

}  // namespace
}  // namespace tipgate

#include "tests/integration/requests.h"

#include "absl/time/clock.h"
#include "tests/integration/gate_files.h"

namespace tipgate {

v1::TipIntent TipOf(const std::string& key, int32_t count, int64_t unit_price_minor) {
  v1::TipIntent intent;
  intent.set_idempotency_key(key);
  intent.set_payer_id(kPayer);
  intent.set_streamer_id(kStreamer);
  intent.set_session_id(kSession);
  intent.set_gift_id(unit_price_minor);
  intent.set_unit_price_minor(unit_price_minor);
  intent.set_count(count);
  return intent;
}

v1::AuthorizeTipRequest AuthorizeOf(const v1::TipIntent& intent) {
  v1::AuthorizeTipRequest request;
  *request.mutable_tip() = intent;
  return request;
}

v1::PayerFacts AdultFacts() {
  v1::PayerFacts facts;
  facts.set_real_name_verified(true);
  facts.set_age_band(v1::AGE_BAND_ADULT);
  return facts;
}

v1::PayerFacts FactsBornOn(absl::CivilDay birth_date) {
  v1::PayerFacts facts;
  facts.set_real_name_verified(true);
  *facts.mutable_birth_date() = DateOf(birth_date);
  return facts;
}

v1::StreamerFacts StreamerFactsOf(const std::string& tier) {
  v1::StreamerFacts facts;
  facts.set_real_name_verified(true);
  facts.set_age_band(v1::AGE_BAND_ADULT);
  facts.set_tier(tier);
  return facts;
}

v1::PutPayerRequest PutPayerOf(const std::string& key, int64_t payer_id,
                               const v1::PayerFacts& facts) {
  v1::PutPayerRequest request;
  request.set_idempotency_key(key);
  request.set_payer_id(payer_id);
  *request.mutable_facts() = facts;
  return request;
}

v1::PutStreamerRequest PutStreamerOf(const std::string& key, int64_t streamer_id,
                                     const v1::StreamerFacts& facts) {
  v1::PutStreamerRequest request;
  request.set_idempotency_key(key);
  request.set_streamer_id(streamer_id);
  *request.mutable_facts() = facts;
  return request;
}

v1::OpenSessionRequest OpenSessionOf(const std::string& key, int64_t session_id,
                                     int64_t streamer_id) {
  v1::OpenSessionRequest request;
  request.set_idempotency_key(key);
  request.set_session_id(session_id);
  request.set_streamer_id(streamer_id);
  return request;
}

v1::CloseSessionRequest CloseSessionOf(const std::string& key, int64_t session_id) {
  v1::CloseSessionRequest request;
  request.set_idempotency_key(key);
  request.set_session_id(session_id);
  return request;
}

v1::AuthorizeRechargeRequest RechargeOf(const std::string& key, int64_t amount_minor,
                                        absl::Duration hold) {
  v1::AuthorizeRechargeRequest request;
  request.set_idempotency_key(key);
  request.set_payer_id(kPayer);
  request.set_amount_minor(amount_minor);
  if (hold > absl::ZeroDuration()) {
    request.mutable_hold_duration()->set_seconds(absl::ToInt64Seconds(hold));
  }
  return request;
}

v1::CaptureRechargeRequest CaptureOf(const std::string& key, int64_t recharge_id) {
  v1::CaptureRechargeRequest request;
  request.set_idempotency_key(key);
  request.set_recharge_id(recharge_id);
  return request;
}

v1::VoidRechargeRequest VoidOf(const std::string& key, int64_t recharge_id) {
  v1::VoidRechargeRequest request;
  request.set_idempotency_key(key);
  request.set_recharge_id(recharge_id);
  return request;
}

v1::Date DateOf(absl::CivilDay day) {
  v1::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

google::protobuf::Timestamp TimestampOf(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t nanos = absl::ToUnixNanos(time);
  timestamp.set_seconds(nanos / 1'000'000'000);
  timestamp.set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  return timestamp;
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::CivilDay PolicyToday() {
  absl::TimeZone zone;
  absl::LoadTimeZone(NoonTimeZone(), &zone);
  return absl::ToCivilDay(absl::Now(), zone);
}

absl::CivilDay LastBirthDateOfAge(int years) {
  const absl::CivilDay today = PolicyToday();
  const absl::CivilDay birth_date(today.year() - years, today.month(), today.day());
  // On a 29th of February the day before is the last one in a year that has none.
  return birth_date.day() == today.day() ? birth_date : birth_date - 1;
}

}  // namespace tipgate

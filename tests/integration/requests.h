// The requests of the contract, as short as tests want them.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// Who and where most tests tip.
inline constexpr int64_t kPayer = 11;
inline constexpr int64_t kStreamer = 22;
inline constexpr int64_t kSession = 33;

// `count` gifts of this price, from kPayer to kStreamer in kSession. Gifts: see kGiftPrices.
v1::TipIntent TipOf(const std::string& key, int32_t count, int64_t unit_price_minor = 1);
v1::AuthorizeTipRequest AuthorizeOf(const v1::TipIntent& intent);

v1::PayerFacts AdultFacts();
v1::PayerFacts FactsBornOn(absl::CivilDay birth_date);
v1::StreamerFacts StreamerFactsOf(const std::string& tier);

v1::PutPayerRequest PutPayerOf(const std::string& key, int64_t payer_id,
                               const v1::PayerFacts& facts);
v1::PutStreamerRequest PutStreamerOf(const std::string& key, int64_t streamer_id,
                                     const v1::StreamerFacts& facts);
v1::OpenSessionRequest OpenSessionOf(const std::string& key, int64_t session_id,
                                     int64_t streamer_id);
v1::CloseSessionRequest CloseSessionOf(const std::string& key, int64_t session_id);
// Of kPayer; holds as long as the policy says unless `hold` is positive.
v1::AuthorizeRechargeRequest RechargeOf(const std::string& key, int64_t amount_minor,
                                        absl::Duration hold = absl::ZeroDuration());
v1::CaptureRechargeRequest CaptureOf(const std::string& key, int64_t recharge_id);
v1::VoidRechargeRequest VoidOf(const std::string& key, int64_t recharge_id);

v1::Date DateOf(absl::CivilDay day);
google::protobuf::Timestamp TimestampOf(absl::Time time);
absl::Time TimeOf(const google::protobuf::Timestamp& time);

// Today in the zone of the tests' policies.
absl::CivilDay PolicyToday();
// The last birth date with which a person is `years` old today.
absl::CivilDay LastBirthDateOfAge(int years);

}  // namespace tipgate

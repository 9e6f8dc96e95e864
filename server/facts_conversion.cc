#include "server/facts_conversion.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "server/field_checks.h"
#include "server/limit_conversion.h"
#include "server/request_fields.h"

namespace tipgate {
namespace {

bool IsTierNameByte(unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; }

bool IsTierName(const std::string& text) {
  return !text.empty() && text.size() <= TierName::kSizeMax &&
         std::all_of(text.begin(), text.end(), IsTierNameByte);
}

void ReadBirthDate(const v1::Date& date, FieldChecks* checks, Age* age) {
  checks->Range("facts.birth_date.year", date.year(), 1900, 9999);
  checks->Range("facts.birth_date.month", date.month(), 1, 12);
  checks->Range("facts.birth_date.day", date.day(), 1, 31);
  checks->That(IsValidDate(date.year(), date.month(), date.day()), "facts.birth_date.day",
               "must be a day that the month has");
  age->birth_date = {.year = static_cast<int16_t>(date.year()),
                     .month = static_cast<int8_t>(date.month()),
                     .day = static_cast<int8_t>(date.day())};
}

// What the facts of payers and of streamers have in common.
template <typename FactsType, typename RecordType>
void ReadFacts(const FactsType& facts, FieldChecks* checks, RecordType* record) {
  record->is_verified = facts.real_name_verified();
  if (facts.has_birth_date()) {
    ReadBirthDate(facts.birth_date(), checks, &record->age);
  } else if (facts.has_age_band()) {
    checks->That(v1::AgeBand_IsValid(facts.age_band()), "facts.age_band",
                 "must be a known age band");
    checks->That(!facts.real_name_verified() || facts.age_band() != v1::AGE_BAND_UNSPECIFIED,
                 "facts.age_band", "must be specified if real_name_verified");
    record->age.band = static_cast<AgeBand>(facts.age_band());
  } else {
    checks->That(!facts.real_name_verified(), "facts.age",
                 "birth_date or age_band must be set if real_name_verified");
  }
  checks->Bytes("facts.source", facts.source(), 0, SourceName::kSizeMax);
  SetText(facts.source(), &record->source);
  if (facts.has_observe_time()) {
    record->requested_observe_time_ms =
        ReadToldTime("facts.observe_time", facts.observe_time(), checks);
  }
}

// The paths of the fields of PayerLimits.
struct LimitFields {
  const char* tip_max;
  const char* day_limit;
  const char* month_limit;
};
constexpr LimitFields kGuardianFields = {.tip_max = "facts.guardian_limits.tip_max_minor",
                                         .day_limit = "facts.guardian_limits.day_limit_minor",
                                         .month_limit = "facts.guardian_limits.month_limit_minor"};
constexpr LimitFields kRiskFields = {.tip_max = "facts.risk_limits.tip_max_minor",
                                     .day_limit = "facts.risk_limits.day_limit_minor",
                                     .month_limit = "facts.risk_limits.month_limit_minor"};

PayerLimits ReadLimits(const LimitFields& fields, const v1::PayerLimits& limits,
                       FieldChecks* checks) {
  checks->Range(fields.tip_max, limits.tip_max_minor(), 0, kPolicyAmountMax.minor());
  checks->Range(fields.day_limit, limits.day_limit_minor(), 0, kPolicyAmountMax.minor());
  checks->Range(fields.month_limit, limits.month_limit_minor(), 0, kPolicyAmountMax.minor());
  return ToPayerLimits(limits);
}

}  // namespace

std::optional<CallError> Convert(const v1::PutPayerRequest& message, PayerRecord* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("payer_id", message.payer_id());
  checks.That(message.has_facts(), "facts", "must be set");
  const v1::PayerFacts& facts = message.facts();
  ReadFacts(facts, &checks, request);
  checks.That(facts.tier().empty() || IsTierName(facts.tier()), "facts.tier",
              "must be 1 .. 8 letters, digits or underscores, or left out");
  request->payer = PayerId(message.payer_id());
  request->has_guardian_consent = facts.guardian_consent();
  request->has_youth_mode = facts.youth_mode();
  SetText(facts.tier(), &request->tier);
  request->guardian = ReadLimits(kGuardianFields, facts.guardian_limits(), &checks);
  request->risk = ReadLimits(kRiskFields, facts.risk_limits(), &checks);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::PutStreamerRequest& message, StreamerRecord* request) {
  const v1::StreamerFacts& facts = message.facts();
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("streamer_id", message.streamer_id());
  checks.That(message.has_facts(), "facts", "must be set");
  ReadFacts(facts, &checks, request);
  checks.That(IsTierName(facts.tier()), "facts.tier",
              "must be 1 .. 8 letters, digits or underscores");
  checks.Range("facts.agency_id", facts.agency_id(), 0, kNoMax);
  checks.Range("facts.payer_id", facts.payer_id(), 0, kNoMax);
  request->streamer = StreamerId(message.streamer_id());
  request->has_guardian_consent = facts.guardian_consent();
  SetText(facts.tier(), &request->tier);
  request->agency = AgencyId(facts.agency_id());
  request->payer = PayerId(facts.payer_id());
  return checks.TakeFault();
}

}  // namespace tipgate

// Draws requests about people, their sessions and their recharges.
#include <algorithm>
#include <optional>

#include "tests/differ/call.h"
#include "tests/differ/generator.h"
#include "tests/differ/random_policy.h"

namespace tipgate::differ {

using oracle::kDayMs;
using oracle::kHourMs;
using oracle::kMinuteMs;
using oracle::kSecondMs;

// --- Recharges ----------------------------------------------------------------------------------

oracle::AuthorizeRechargeRequest Generator::DrawRechargeRequest() {
  oracle::AuthorizeRechargeRequest request{.idempotency_key = NextKey(), .payer_id = AnyPayer()};
  request.amount = DrawAmount(policy_.recharge.single_max);
  if (random_.Below(3) == 0) {
    request.hold_ms = random_.OneOf<int64_t>({kSecondMs, kSecondMs + 1, kMinuteMs, 24 * kHourMs});
  }
  request.create_time_ms = DrawCreateTime();
  request.app = DrawApp();
  return request;
}

OperationPtr Generator::DrawRecharge() {
  recharges_.push_back(steps_count_);
  return MakeCall("AuthorizeRecharge", DrawRechargeRequest());
}

OperationPtr Generator::DrawCheckRecharge() {
  return MakeCall("CheckRecharge", CheckRechargeRequest{DrawRechargeRequest()});
}

OperationPtr Generator::DrawRefundRecharge() {
  return MakeCall("RefundRecharge", oracle::RefundRechargeRequest{
                                        .idempotency_key = NextKey(),
                                        .recharge_id = AnyRecharge(),
                                        .amount = DrawAmount(policy_.recharge.single_max / 2),
                                        .reason = "unspent",
                                        .case_reference = "case-1"});
}

// Of the last ones mostly.
int64_t Generator::AnyRecharge() {
  if (recharges_.empty()) return 0;
  const auto size = static_cast<int64_t>(recharges_.size());
  const int64_t back = random_.Below(random_.Below(4) == 0 ? size : std::min<int64_t>(size, 4));
  return recharges_[static_cast<size_t>(size - 1 - back)];
}

OperationPtr Generator::DrawCapture() {
  return MakeCall("CaptureRecharge", oracle::CaptureRechargeRequest{.idempotency_key = NextKey(),
                                                                    .recharge_id = AnyRecharge()});
}

OperationPtr Generator::DrawVoid() {
  return MakeCall("VoidRecharge", oracle::VoidRechargeRequest{.idempotency_key = NextKey(),
                                                              .recharge_id = AnyRecharge()});
}

// --- People -------------------------------------------------------------------------------------

// Somebody whose 8th, 16th or 18th birthday is about now; or born on a leap day.
oracle::BirthDate Generator::DrawBirthDate() {
  if (random_.Permille(150)) return {static_cast<int>(2028 - 4 * random_.Between(2, 6)), 2, 29};
  const absl::CivilDay birthday = calendar_.DayAt(now_ms_) + random_.Between(-2, 3);
  const int64_t years = random_.OneOf<int64_t>({8, 16, 16, 18, 18, 30});
  const absl::CivilDay birth(birthday.year() - years, birthday.month(), birthday.day());
  return {static_cast<int>(birth.year()), birth.month(), birth.day()};
}

std::optional<int64_t> Generator::DrawObserveTime() {
  if (random_.Below(3) != 0) return std::nullopt;
  const int64_t max_age_ms = policy_.facts_max_age_ms.value_or(kDayMs);
  const int64_t age_ms =
      random_.OneOf<int64_t>({0, 0, kSecondMs, max_age_ms / 2, max_age_ms, -kMinuteMs});
  return now_ms_ - age_ms + random_.Edge();
}

OperationPtr Generator::DrawPayer() {
  oracle::PutPayerRequest request{.idempotency_key = NextKey(), .payer_id = AnyPayer()};
  oracle::PayerFacts& facts = request.facts;
  facts.real_name_verified = !random_.Permille(30);
  const int64_t kind = random_.Below(10);
  if (kind < 3) {
    facts.birth_date = DrawBirthDate();
  } else if (kind < 5) {
    facts.age_band = random_.OneOf(
        {oracle::AgeBand::kUnder8, oracle::AgeBand::k8To15, oracle::AgeBand::k16To17});
  } else if (facts.real_name_verified || random_.Below(2) == 0) {
    facts.age_band = oracle::AgeBand::kAdult;
  }
  facts.guardian_consent = random_.Below(6) != 0;
  facts.youth_mode = random_.Permille(20);
  if (random_.Below(3) == 0) facts.payer_tier = random_.OneOf<const char*>({"gold", "silver"});
  if (random_.Below(4) == 0) facts.guardian = RandomLimits(policy_, &random_);
  if (random_.Below(4) == 0) facts.risk = RandomLimits(policy_, &random_);
  facts.observe_time_ms = DrawObserveTime();
  return MakeCall("PutPayer", request);
}

OperationPtr Generator::DrawStreamer() {
  oracle::PutStreamerRequest request{.idempotency_key = NextKey(), .streamer_id = AnyStreamer()};
  oracle::StreamerFacts& facts = request.facts;
  facts.real_name_verified = !random_.Permille(30);
  if (random_.Below(5) == 0) {
    facts.birth_date = DrawBirthDate();
  } else {
    facts.age_band = random_.Below(8) == 0 ? oracle::AgeBand::k16To17 : oracle::AgeBand::kAdult;
  }
  facts.guardian_consent = random_.Below(3) != 0;
  facts.tier = random_.Permille(50) ? "L2" : random_.OneOf(policy_.tiers).name;
  facts.agency_id = random_.Below(3);
  facts.payer_id = random_.Below(6) == 0 ? AnyPayer() : 0;
  facts.observe_time_ms = DrawObserveTime();
  return MakeCall("PutStreamer", request);
}

OperationPtr Generator::DrawPause() {
  return MakeCall("PausePayer",
                  oracle::PausePayerRequest{.idempotency_key = NextKey(),
                                            .payer_id = AnyPayer(),
                                            .duration_ms = random_.OneOf<int64_t>(
                                                {kDayMs, kDayMs, kDayMs, 7 * kDayMs, 30 * kDayMs,
                                                 42 * kDayMs, 184 * kDayMs})});
}

// --- Sessions -----------------------------------------------------------------------------------

OperationPtr Generator::OpenOrClose(int64_t streamer_id) {
  if (const auto open = open_sessions_.find(streamer_id); open != open_sessions_.end()) {
    const int64_t session_id = open->second.id;
    open_sessions_.erase(open);
    opening_.erase(streamer_id);
    return MakeCall("CloseSession", oracle::CloseSessionRequest{.idempotency_key = NextKey(),
                                                                .session_id = session_id});
  }
  opening_[streamer_id] = ++sessions_count_;
  return MakeCall("OpenSession", oracle::OpenSessionRequest{.idempotency_key = NextKey(),
                                                            .session_id = sessions_count_,
                                                            .streamer_id = streamer_id});
}

OperationPtr Generator::DrawSessionChange() { return OpenOrClose(AnyStreamer()); }

OperationPtr Generator::DrawOpenAnything() {
  return MakeCall("OpenSession", oracle::OpenSessionRequest{.idempotency_key = NextKey(),
                                                            .session_id = AnySession(),
                                                            .streamer_id = AnyStreamer()});
}

OperationPtr Generator::DrawCloseAnything() {
  return MakeCall("CloseSession", oracle::CloseSessionRequest{.idempotency_key = NextKey(),
                                                              .session_id = AnySession()});
}

}  // namespace tipgate::differ

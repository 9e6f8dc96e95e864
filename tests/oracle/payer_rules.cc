#include "tests/oracle/payer_rules.h"

#include "tests/oracle/facts.h"
#include "tests/oracle/search.h"

namespace tipgate::oracle {
namespace {

// Between 8 and 17, with consent, under the profile that has limits for the band.
void AboveBand(const World& world, int64_t now_ms, const MinorLimits& band, int64_t amount,
               const DayTotalAt& day_total_at, Violations& violations) {
  Violation violation{
      .code = Code::kMinorBlocked, .origin = LimitOrigin::kAgeBand, .requested = amount};
  if (amount > band.single_max) {
    violation.limit = band.single_max;
    violations.push_back(violation);
    return;
  }
  const auto refuses_at = [&](int64_t time_ms) {
    return day_total_at(time_ms) + amount > band.day_limit;
  };
  if (!refuses_at(now_ms)) return;
  violation.limit = band.day_limit;
  violation.used = day_total_at(now_ms);
  violation.retry_time_ms = FirstCure(now_ms, {world.calendar->NextDayStart(now_ms)}, refuses_at);
  violations.push_back(violation);
}

}  // namespace

void MinorBlocked(const World& world, int64_t now_ms, int64_t payer_id, int64_t amount,
                  const DayTotalAt& day_total_at, Violations& violations) {
  const AgeBand age = PayerAgeBand(world, now_ms, payer_id);
  if (age == AgeBand::kUnknown || age == AgeBand::kAdult) return;
  const std::optional<MinorLimits> band = BandLimits(world, now_ms, payer_id);
  if (!band) {
    violations.push_back({.code = Code::kMinorBlocked});
    return;
  }
  AboveBand(world, now_ms, *band, amount, day_total_at, violations);
}

void YouthMode(const World& world, int64_t payer_id, Violations& violations) {
  const auto payer = world.payers.find(payer_id);
  if (payer == world.payers.end() || !payer->second.facts.youth_mode) return;
  violations.push_back({.code = Code::kYouthMode});
}

void RealNameRequired(const World& world, int64_t now_ms, int64_t payer_id,
                      Violations& violations) {
  if (PayerIsVerified(world, now_ms, payer_id) &&
      PayerAgeBand(world, now_ms, payer_id) != AgeBand::kUnknown) {
    return;
  }
  violations.push_back({.code = Code::kRealNameRequired});
}

void PayerPaused(const World& world, int64_t now_ms, int64_t payer_id, Violations& violations) {
  const auto payer = world.payers.find(payer_id);
  if (payer == world.payers.end() || !payer->second.pause_end_ms) return;
  const int64_t end_ms = *payer->second.pause_end_ms;
  if (now_ms >= end_ms) return;
  violations.push_back({.code = Code::kPayerPaused, .retry_time_ms = end_ms});
}

}  // namespace tipgate::oracle

#include "server/limit_conversion.h"

#include "server/time_conversion.h"

namespace tipgate {
namespace {

bool FillSelfLimit(const SelfLimit& limit, int64_t time_ms, v1::SelfLimit* out) {
  const Money amount = limit.At(time_ms);
  const bool waits = limit.raise_time_ms > time_ms;
  if (amount != kNoLimit) out->set_limit_minor(amount.minor());
  if (waits) SetUnixMs(limit.raise_time_ms, out->mutable_raise_time());
  if (waits && limit.raised != kNoLimit) out->set_raised_limit_minor(limit.raised.minor());
  return amount != kNoLimit || waits;
}

}  // namespace

PayerLimits ToPayerLimits(const v1::PayerLimits& message) {
  PayerLimits limits;
  if (message.has_tip_max_minor()) limits.tip_max = Money(message.tip_max_minor());
  if (message.has_day_limit_minor()) limits.day_limit = Money(message.day_limit_minor());
  if (message.has_month_limit_minor()) limits.month_limit = Money(message.month_limit_minor());
  return limits;
}

void FillLimits(const PayerLimits& limits, v1::PayerLimits* out) {
  if (limits.tip_max != kNoLimit) out->set_tip_max_minor(limits.tip_max.minor());
  if (limits.day_limit != kNoLimit) out->set_day_limit_minor(limits.day_limit.minor());
  if (limits.month_limit != kNoLimit) out->set_month_limit_minor(limits.month_limit.minor());
}

bool FillSelfLimits(const SelfLimit& tip_max, const SelfLimit& day_limit,
                    const SelfLimit& month_limit, int64_t time_ms, v1::SelfLimits* out) {
  const bool has_tip_max = FillSelfLimit(tip_max, time_ms, out->mutable_tip_max());
  const bool has_day_limit = FillSelfLimit(day_limit, time_ms, out->mutable_day_limit());
  const bool has_month_limit = FillSelfLimit(month_limit, time_ms, out->mutable_month_limit());
  return has_tip_max || has_day_limit || has_month_limit;
}

}  // namespace tipgate

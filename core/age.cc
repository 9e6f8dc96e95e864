#include "core/age.h"

namespace tipgate {

AgeBand Age::BandOn(Day today) const {
  if (!has_birth_date()) return band;
  const int years = AgeInYears(birth_date, DateOf(today));
  if (years < 8) return AgeBand::kUnder8;
  if (years < 16) return AgeBand::k8To15;
  if (years < 18) return AgeBand::k16To17;
  return AgeBand::kAdult;
}

}  // namespace tipgate

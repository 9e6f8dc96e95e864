#pragma once

#include <cstdint>

#include "core/calendar.h"

namespace tipgate {

// Stored; never renumber.
enum class AgeBand : uint8_t { kUnknown = 0, kUnder8 = 1, k8To15 = 2, k16To17 = 3, kAdult = 4 };

// What is known of a person's age: a birth date, else a band.
struct Age {
  CivilDate birth_date;  // year 0: not known
  AgeBand band = AgeBand::kUnknown;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.birth_date.year, self.birth_date.month, self.birth_date.day, self.band);
  }

  bool has_birth_date() const { return birth_date.year != 0; }
  // True if BandOn tells a band, whatever the date.
  bool is_known() const { return has_birth_date() || band != AgeBand::kUnknown; }

  // The band on a local date; kUnknown if nothing is known. With a birth date the age counts from
  // local midnight of the birthday (rule F2).
  AgeBand BandOn(Day today) const;

  friend bool operator==(const Age&, const Age&) = default;
};

}  // namespace tipgate

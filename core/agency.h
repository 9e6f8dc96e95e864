#pragma once

#include <type_traits>

#include "core/ids.h"
#include "core/money.h"

namespace tipgate {

// One agency, from its first share on.
struct Agency {
  AgencyId id;
  Money income;      // its share of what has settled, less what was kept for refunds
  Money receivable;  // its share of refunds of settled tips: kept from later income
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.income, self.receivable, self.changed);
  }
};

static_assert(std::is_trivially_copyable_v<Agency>);

}  // namespace tipgate

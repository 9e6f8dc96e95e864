#include "core/entry.h"

namespace tipgate {

void Entry::Clear() {
  term = 0;
  sequence = 0;
  moment = Moment();
  records.clear();
  violations_.clear();
  reminders_.clear();
  shares_.clear();
  exceptions_.clear();
  tips_.clear();
  ids_.clear();
  notes_.clear();
  recharges_.clear();
}

}  // namespace tipgate

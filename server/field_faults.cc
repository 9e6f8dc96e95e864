#include "server/field_faults.h"

#include <algorithm>

namespace tipgate {

void FieldFaults::Add(absl::string_view path, absl::string_view expected, absl::string_view found) {
  const bool is_known = std::any_of(
      list_.begin(), list_.end(), [path](const FieldFault& fault) { return path == fault.field; });
  if (is_known || list_.size() == kMax) return;
  list_.push_back(
      {.field = std::string(path), .expected = std::string(expected), .found = std::string(found)});
}

absl::Status FieldFaults::First() const {
  if (list_.empty()) return absl::OkStatus();
  const FieldFault& first = list_.front();
  return written_.ErrorAt(first.field, first.expected, first.found);
}

}  // namespace tipgate

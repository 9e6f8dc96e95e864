#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "yaml/yaml_message.h"

namespace tipgate {

// What is wrong with one field, by its path.
struct FieldFault {
  std::string field;
  std::string expected;
  std::string found;
};

// Collects what is wrong with the fields of one message, in the order in which they are looked at.
class FieldFaults {
 public:
  // More are not collected.
  static constexpr size_t kMax = 100;

  // `written` tells the fields that were written, and outlives this.
  explicit FieldFaults(const YamlLocations* written) : written_(*written) {}

  bool Has(absl::string_view path) const { return written_.Has(path); }

  // The first one of a field counts.
  void Add(absl::string_view path, absl::string_view expected, absl::string_view found);

  const std::vector<FieldFault>& list() const { return list_; }
  bool is_empty() const { return list_.empty(); }

  // INVALID_ARGUMENT with the first one and its place; OK if there is none.
  absl::Status First() const;

 private:
  const YamlLocations& written_;
  std::vector<FieldFault> list_;
};

}  // namespace tipgate

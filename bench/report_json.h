#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tipgate {

// Writes one JSON object, field by field in the order of the calls.
class JsonObject {
 public:
  void AddText(absl::string_view name, absl::string_view value);
  void AddInteger(absl::string_view name, int64_t value);
  void AddIntegers(absl::string_view name, const std::vector<int64_t>& values);
  void AddNumber(absl::string_view name, double value);  // With 3 decimals; finite.
  void AddNull(absl::string_view name);
  void AddObject(absl::string_view name, const JsonObject& value);

  // On one line.
  std::string ToString() const { return "{" + fields_ + "}"; }

 private:
  void Add(absl::string_view name, absl::string_view json);

  std::string fields_;
};

}  // namespace tipgate

#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/field_faults.h"

namespace tipgate {

// What a number or duration of a message may be. Integers count as they are, durations in
// milliseconds.
struct FieldRule {
  const char* field;
  int64_t min;
  int64_t max;  // INT64_MAX means no limit
  bool is_required;
  std::optional<int64_t> default_value;
};

constexpr FieldRule Required(const char* field, int64_t min, int64_t max) {
  return {field, min, max, true, std::nullopt};
}
constexpr FieldRule Optional(const char* field, int64_t min, int64_t max) {
  return {field, min, max, false, std::nullopt};
}
constexpr FieldRule WithDefault(const char* field, int64_t min, int64_t max,
                                int64_t default_value) {
  return {field, min, max, false, default_value};
}

// Finds the fields of `message`, which was written at `path`, that break their rules; fills in the
// defaults of those that were left out. True if there is no such field.
bool ApplyFieldRules(absl::Span<const FieldRule> rules, const std::string& path,
                     google::protobuf::Message* message, FieldFaults* faults);

// Finds fault with a value outside of `min` .. `max`; true if there is none.
bool CheckRange(const std::string& path, int64_t value, int64_t min, int64_t max,
                FieldFaults* faults);

// Finds fault with a text field for which `is_valid` does not hold, or that was left out; true if
// there is none.
bool CheckText(const std::string& path, absl::string_view value,
               bool (*is_valid)(absl::string_view), absl::string_view expected,
               FieldFaults* faults);

}  // namespace tipgate

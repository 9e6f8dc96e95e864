#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/yaml_message.h"

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

// Refuses the first field of `message`, which was written at `path`, that breaks its rule; fills in
// the defaults of those that were left out.
absl::Status ApplyFieldRules(absl::Span<const FieldRule> rules, const std::string& path,
                             const YamlLocations& locations, google::protobuf::Message* message);

// Refuses a value outside of `min` .. `max`.
absl::Status CheckRange(const std::string& path, int64_t value, int64_t min, int64_t max,
                        const YamlLocations& locations);

// Refuses a text field for which `is_valid` does not hold, or that was left out.
absl::Status CheckText(const std::string& path, absl::string_view value,
                       bool (*is_valid)(absl::string_view), absl::string_view expected,
                       const YamlLocations& locations);

}  // namespace tipgate

#include "server/field_rules.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "server/duration_text.h"

namespace tipgate {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using NumberText = std::string (*)(int64_t);

std::string IntegerText(int64_t value) { return absl::StrCat(value); }

std::string RangeText(int64_t min, int64_t max, NumberText text) {
  if (max == std::numeric_limits<int64_t>::max()) return absl::StrCat(text(min), " or more");
  return absl::StrCat(text(min), " .. ", text(max));
}

int64_t Get(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32)
    return reflection.GetInt32(message, &field);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64)
    return reflection.GetInt64(message, &field);
  return Milliseconds(static_cast<const Duration&>(reflection.GetMessage(message, &field)));
}

void Set(Message* message, const FieldDescriptor& field, int64_t value) {
  const auto& reflection = *message->GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    reflection.SetInt32(message, &field, static_cast<int32_t>(value));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection.SetInt64(message, &field, value);
  } else {
    SetMilliseconds(value, static_cast<Duration*>(reflection.MutableMessage(message, &field)));
  }
}

}  // namespace

absl::Status ApplyFieldRules(absl::Span<const FieldRule> rules, const std::string& path,
                             const YamlLocations& locations, Message* message) {
  for (const FieldRule& rule : rules) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(rule.field);
    TIPGATE_CHECK(field != nullptr);
    const std::string field_path = FieldPath(path, rule.field);
    const bool is_duration = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const NumberText text = is_duration ? DurationText : IntegerText;
    if (locations.Has(field_path)) {
      const int64_t value = Get(*message, *field);
      if (value >= rule.min && value <= rule.max) continue;
      return locations.ErrorAt(field_path, RangeText(rule.min, rule.max, text), text(value));
    }
    if (rule.is_required)
      return locations.ErrorAt(field_path, RangeText(rule.min, rule.max, text), "nothing");
    if (rule.default_value) Set(message, *field, *rule.default_value);
  }
  return absl::OkStatus();
}

absl::Status CheckRange(const std::string& path, int64_t value, int64_t min, int64_t max,
                        const YamlLocations& locations) {
  if (value >= min && value <= max) return absl::OkStatus();
  return locations.ErrorAt(path, RangeText(min, max, IntegerText), IntegerText(value));
}

absl::Status CheckText(const std::string& path, absl::string_view value,
                       bool (*is_valid)(absl::string_view), absl::string_view expected,
                       const YamlLocations& locations) {
  if (!locations.Has(path)) return locations.ErrorAt(path, expected, "nothing");
  if (is_valid(value)) return absl::OkStatus();
  return locations.ErrorAt(path, expected, QuotedForError(value));
}

}  // namespace tipgate

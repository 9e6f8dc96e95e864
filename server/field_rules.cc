#include "server/field_rules.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "yaml/duration_text.h"

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

bool ApplyFieldRules(absl::Span<const FieldRule> rules, const std::string& path, Message* message,
                     FieldFaults* faults) {
  const size_t faults_before = faults->list().size();
  for (const FieldRule& rule : rules) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(rule.field);
    TIPGATE_CHECK(field != nullptr);
    const std::string field_path = FieldPath(path, rule.field);
    const bool is_duration = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const NumberText text = is_duration ? DurationText : IntegerText;
    if (faults->Has(field_path)) {
      const int64_t value = Get(*message, *field);
      if (value >= rule.min && value <= rule.max) continue;
      faults->Add(field_path, RangeText(rule.min, rule.max, text), text(value));
    } else if (rule.is_required) {
      faults->Add(field_path, RangeText(rule.min, rule.max, text), "nothing");
    } else if (rule.default_value) {
      Set(message, *field, *rule.default_value);
    }
  }
  return faults->list().size() == faults_before;
}

bool CheckRange(const std::string& path, int64_t value, int64_t min, int64_t max,
                FieldFaults* faults) {
  if (value >= min && value <= max) return true;
  faults->Add(path, RangeText(min, max, IntegerText), IntegerText(value));
  return false;
}

bool CheckText(const std::string& path, absl::string_view value,
               bool (*is_valid)(absl::string_view), absl::string_view expected,
               FieldFaults* faults) {
  const bool is_written = faults->Has(path);
  if (is_written && is_valid(value)) return true;
  faults->Add(path, expected, is_written ? QuotedForError(value) : "nothing");
  return false;
}

}  // namespace tipgate

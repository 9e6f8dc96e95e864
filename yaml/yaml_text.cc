#include "yaml/yaml_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "yaml/duration_text.h"
#include "yaml/yaml_message.h"

namespace tipgate {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kIndent = 2;

// In quotes, so that nothing looks like something else. Text of one line only.
std::string QuotedText(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

bool IsDuration(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == Duration::descriptor();
}

// A value that fits a line; `index` is -1 for a field that is not repeated.
std::string ValueText(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  const bool is_item = index >= 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(is_item ? reflection.GetRepeatedInt32(message, &field, index)
                                  : reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(is_item ? reflection.GetRepeatedInt64(message, &field, index)
                                  : reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (is_item ? reflection.GetRepeatedBool(message, &field, index)
                      : reflection.GetBool(message, &field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_STRING:
      return QuotedText(is_item ? reflection.GetRepeatedString(message, &field, index)
                                : reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return ShortName(*(is_item ? reflection.GetRepeatedEnum(message, &field, index)
                                 : reflection.GetEnum(message, &field)));
    default:
      return DurationText(
          Milliseconds(static_cast<const Duration&>(reflection.GetMessage(message, &field))));
  }
}

void AppendFields(const Message& message, size_t indent, std::string* out);

void AppendItems(const Message& message, const FieldDescriptor& field, size_t indent,
                 std::string* out) {
  const auto& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    std::vector<std::string> values;
    for (int i = 0; i < size; ++i) values.push_back(ValueText(message, field, i));
    absl::StrAppend(out, " [", absl::StrJoin(values, ", "), "]\n");
    return;
  }
  *out += "\n";
  for (int i = 0; i < size; ++i) {
    std::string item;
    AppendFields(reflection.GetRepeatedMessage(message, &field, i), indent + 2 * kIndent, &item);
    if (item.empty()) item = std::string(indent + 2 * kIndent, ' ') + "{}\n";
    item[indent + kIndent] = '-';
    *out += item;
  }
}

void AppendFields(const Message& message, size_t indent, std::string* out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    absl::StrAppend(out, std::string(indent, ' '), field->name(), ":");
    if (field->is_repeated()) {
      AppendItems(message, *field, indent, out);
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsDuration(*field)) {
      absl::StrAppend(out, " ", ValueText(message, *field, -1), "\n");
    } else {
      std::string inner;
      AppendFields(reflection.GetMessage(message, field), indent + kIndent, &inner);
      absl::StrAppend(out, inner.empty() ? " {}" : "", "\n", inner);
    }
  }
}

}  // namespace

std::string YamlText(const Message& message) {
  std::string text;
  AppendFields(message, 0, &text);
  return text.empty() ? "{}\n" : text;
}

}  // namespace tipgate

#include "yaml/yaml_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = YamlNode::Kind;

// One byte beyond what ParseYaml takes, so that a larger file is refused there and not cut.
constexpr size_t kReadBytesMax = kYamlBytesMax + 1;

// How many single-character edits turn one name into the other.
size_t EditDistance(absl::string_view from, absl::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < from.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < to.size(); ++j) {
      const size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

// " (did you mean x?)" for the nearest of `known`, if it is near enough to be a slip of the pen.
std::string Suggestion(absl::string_view name, const std::vector<std::string>& known) {
  size_t nearest_distance = std::max<size_t>(2, name.size() / 3) + 1;
  absl::string_view nearest;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(name, candidate);
    if (distance >= nearest_distance) continue;
    nearest_distance = distance;
    nearest = candidate;
  }
  return nearest.empty() ? "" : absl::StrCat(" (did you mean ", nearest, "?)");
}

std::vector<std::string> FieldNames(const Descriptor& descriptor) {
  std::vector<std::string> names;
  for (int i = 0; i < descriptor.field_count(); ++i) names.push_back(descriptor.field(i)->name());
  return names;
}

// The value 0 is never written.
std::vector<std::string> ValueNames(const EnumDescriptor& descriptor) {
  std::vector<std::string> names;
  for (int i = 1; i < descriptor.value_count(); ++i) {
    names.push_back(ShortName(*descriptor.value(i)));
  }
  return names;
}

const EnumValueDescriptor* FindValue(const EnumDescriptor& descriptor, absl::string_view text) {
  for (int i = 1; i < descriptor.value_count(); ++i) {
    if (ShortName(*descriptor.value(i)) == text) return descriptor.value(i);
  }
  return nullptr;
}

// -?(0|[1-9][0-9]*): a leading zero means octal to some readers of YAML, so it means nothing here.
bool IsDecimalInteger(absl::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  if (text.empty() || (text[0] == '0' && text.size() > 1)) return false;
  return std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

bool IsBool(absl::string_view text) { return text == "true" || text == "false"; }

bool LooksLikeNumber(absl::string_view text) {
  double ignored = 0;
  return absl::SimpleAtod(text, &ignored);
}

bool IsDuration(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == google::protobuf::Duration::descriptor();
}

class MessageReader {
 public:
  explicit MessageReader(absl::string_view file_name)
      : file_name_(file_name), locations_(file_name) {}

  absl::Status ReadMessage(const YamlNode& node, const std::string& path, Message* out);

  YamlLocations TakeLocations() { return std::move(locations_); }

 private:
  absl::Status ReadEntry(const YamlNode& key, const YamlNode& value, const std::string& path,
                         Message* out);
  absl::Status ReadRepeated(const YamlNode& node, const std::string& path,
                            const FieldDescriptor& field, Message* out);
  absl::Status ReadValue(const YamlNode& node, const std::string& path,
                         const FieldDescriptor& field, Message* out);

  // Each reads one value and sets the field to it, or adds it to a repeated field.
  template <typename Integer>
  absl::Status ReadInteger(const YamlNode& node, const std::string& path,
                           const FieldDescriptor& field, Message* out);
  absl::Status ReadBool(const YamlNode& node, const std::string& path, const FieldDescriptor& field,
                        Message* out);
  absl::Status ReadText(const YamlNode& node, const std::string& path, const FieldDescriptor& field,
                        Message* out);
  absl::Status ReadEnum(const YamlNode& node, const std::string& path, const FieldDescriptor& field,
                        Message* out);
  absl::Status ReadDuration(const YamlNode& node, const std::string& path, Message* out);

  absl::Status Error(const YamlNode& node, absl::string_view path,
                     absl::string_view expected) const {
    return YamlError(file_name_, node.location, path, expected, DescribeForError(node));
  }

  absl::string_view file_name_;
  YamlLocations locations_;
};

absl::Status MessageReader::ReadMessage(const YamlNode& node, const std::string& path,
                                        Message* out) {
  if (node.kind != Kind::kMapping) {
    return Error(node, path,
                 absl::StrCat("a mapping with the fields of ", out->GetDescriptor()->name()));
  }
  for (size_t i = 0; i + 1 < node.children.size(); i += 2) {
    absl::Status status = ReadEntry(node.children[i], node.children[i + 1], path, out);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MessageReader::ReadEntry(const YamlNode& key, const YamlNode& value,
                                      const std::string& path, Message* out) {
  const Descriptor& descriptor = *out->GetDescriptor();
  const bool is_name = key.kind == Kind::kPlain || key.kind == Kind::kQuoted;
  const FieldDescriptor* field = is_name ? descriptor.FindFieldByName(key.text) : nullptr;
  if (field == nullptr) {
    const std::string suggestion = Suggestion(key.text, FieldNames(descriptor));
    return Error(key, path, absl::StrCat("a field of ", descriptor.name(), suggestion));
  }
  const std::string field_path = FieldPath(path, field->name());
  if (locations_.Has(field_path)) {
    return YamlError(file_name_, key.location, field_path, "each field once", "it again");
  }
  const auto* oneof = field->real_containing_oneof();
  if (oneof != nullptr && out->GetReflection()->HasOneof(*out, oneof)) {
    return YamlError(file_name_, key.location, field_path,
                     absl::StrCat("one field of ", oneof->name()), "a second");
  }
  // yaml-cpp has no reliable place for nothing: the key's serves better.
  locations_.Add(field_path, value.kind == Kind::kNull ? key.location : value.location);
  if (value.kind == Kind::kNull) {
    return YamlError(file_name_, key.location, field_path, "a value", DescribeForError(value));
  }
  if (field->is_repeated()) return ReadRepeated(value, field_path, *field, out);
  return ReadValue(value, field_path, *field, out);
}

absl::Status MessageReader::ReadRepeated(const YamlNode& node, const std::string& path,
                                         const FieldDescriptor& field, Message* out) {
  if (node.kind != Kind::kSequence) return Error(node, path, "a list");
  int index = 0;
  for (const YamlNode& item : node.children) {
    const std::string item_path = ItemPath(path, index++);
    locations_.Add(item_path, item.location);
    absl::Status status = ReadValue(item, item_path, field, out);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MessageReader::ReadValue(const YamlNode& node, const std::string& path,
                                      const FieldDescriptor& field, Message* out) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_INT32:
      return ReadInteger<int32_t>(node, path, field, out);
    case FieldDescriptor::TYPE_INT64:
      return ReadInteger<int64_t>(node, path, field, out);
    case FieldDescriptor::TYPE_BOOL:
      return ReadBool(node, path, field, out);
    case FieldDescriptor::TYPE_STRING:
      return ReadText(node, path, field, out);
    case FieldDescriptor::TYPE_ENUM:
      return ReadEnum(node, path, field, out);
    case FieldDescriptor::TYPE_MESSAGE: {
      const auto& reflection = *out->GetReflection();
      Message* inner = field.is_repeated() ? reflection.AddMessage(out, &field)
                                           : reflection.MutableMessage(out, &field);
      return IsDuration(field) ? ReadDuration(node, path, inner) : ReadMessage(node, path, inner);
    }
    default:
      return Error(node, path, "no value: a field of this kind cannot be written in YAML");
  }
}

template <typename Integer>
absl::Status MessageReader::ReadInteger(const YamlNode& node, const std::string& path,
                                        const FieldDescriptor& field, Message* out) {
  Integer value = 0;
  if (node.kind != Kind::kPlain || !IsDecimalInteger(node.text))
    return Error(node, path, "an integer");
  if (!absl::SimpleAtoi(node.text, &value)) {
    using Limits = std::numeric_limits<Integer>;
    return Error(node, path, absl::StrCat("an integer in ", Limits::min(), " .. ", Limits::max()));
  }
  const auto& reflection = *out->GetReflection();
  if constexpr (std::is_same_v<Integer, int32_t>) {
    field.is_repeated() ? reflection.AddInt32(out, &field, value)
                        : reflection.SetInt32(out, &field, value);
  } else {
    field.is_repeated() ? reflection.AddInt64(out, &field, value)
                        : reflection.SetInt64(out, &field, value);
  }
  return absl::OkStatus();
}

absl::Status MessageReader::ReadBool(const YamlNode& node, const std::string& path,
                                     const FieldDescriptor& field, Message* out) {
  if (node.kind != Kind::kPlain || !IsBool(node.text)) return Error(node, path, "true or false");
  const bool value = node.text == "true";
  const auto& reflection = *out->GetReflection();
  field.is_repeated() ? reflection.AddBool(out, &field, value)
                      : reflection.SetBool(out, &field, value);
  return absl::OkStatus();
}

absl::Status MessageReader::ReadText(const YamlNode& node, const std::string& path,
                                     const FieldDescriptor& field, Message* out) {
  if (node.kind != Kind::kPlain && node.kind != Kind::kQuoted) return Error(node, path, "text");
  if (node.kind == Kind::kPlain && (IsBool(node.text) || LooksLikeNumber(node.text))) {
    return Error(node, path, "text, which needs quotes where it looks like something else");
  }
  if (std::any_of(node.text.begin(), node.text.end(), absl::ascii_iscntrl)) {
    return Error(node, path, "one line of text without control characters");
  }
  const auto& reflection = *out->GetReflection();
  field.is_repeated() ? reflection.AddString(out, &field, node.text)
                      : reflection.SetString(out, &field, node.text);
  return absl::OkStatus();
}

absl::Status MessageReader::ReadEnum(const YamlNode& node, const std::string& path,
                                     const FieldDescriptor& field, Message* out) {
  const EnumDescriptor& descriptor = *field.enum_type();
  const EnumValueDescriptor* value =
      node.kind == Kind::kPlain ? FindValue(descriptor, node.text) : nullptr;
  if (value == nullptr) {
    const std::string suggestion = Suggestion(node.text, ValueNames(descriptor));
    return Error(node, path,
                 absl::StrCat("the name of a value of ", descriptor.name(), suggestion));
  }
  const auto& reflection = *out->GetReflection();
  field.is_repeated() ? reflection.AddEnum(out, &field, value)
                      : reflection.SetEnum(out, &field, value);
  return absl::OkStatus();
}

absl::Status MessageReader::ReadDuration(const YamlNode& node, const std::string& path,
                                         Message* out) {
  const bool is_text = node.kind == Kind::kPlain || node.kind == Kind::kQuoted;
  const std::optional<int64_t> milliseconds = is_text ? ParseDurationMs(node.text) : std::nullopt;
  if (!milliseconds) return Error(node, path, "a duration such as 500ms, 30s, 1h30m or 7d");
  SetMilliseconds(*milliseconds, static_cast<google::protobuf::Duration*>(out));
  return absl::OkStatus();
}

}  // namespace

YamlLocation YamlLocations::LocationOf(absl::string_view path) const {
  for (absl::string_view place = path; !place.empty();) {
    const auto it = locations_.find(place);
    if (it != locations_.end()) return it->second;
    const size_t dot = place.rfind('.');
    place = place.substr(0, dot == absl::string_view::npos ? 0 : dot);
  }
  return {};
}

std::string YamlLocations::PlaceOf(absl::string_view path) const {
  const YamlLocation location = LocationOf(path);
  return absl::StrCat(file_name_, ":", location.line, ":", location.column);
}

absl::Status YamlLocations::ErrorAt(absl::string_view path, absl::string_view expected,
                                    absl::string_view found) const {
  return YamlError(file_name_, LocationOf(path), path, expected, found);
}

std::string ShortName(const EnumValueDescriptor& value) {
  const absl::string_view zero(value.type()->value(0)->name());
  const absl::string_view prefix = absl::StripSuffix(zero, "UNSPECIFIED");
  return absl::AsciiStrToLower(absl::StripPrefix(value.name(), prefix));
}

absl::StatusOr<YamlLocations> ReadYamlMessage(absl::string_view file_name, const std::string& text,
                                              Message* out) {
  const absl::StatusOr<YamlNode> root = ParseYaml(file_name, text);
  if (!root.ok()) return root.status();
  out->Clear();
  MessageReader reader(file_name);
  if (absl::Status status = reader.ReadMessage(*root, "", out); !status.ok()) return status;
  return reader.TakeLocations();
}

absl::StatusOr<YamlLocations> ReadYamlFile(const std::string& path, Message* out) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kReadBytesMax, '\0');
  if (file.read(text.data(), kReadBytesMax); file.bad() || !file.is_open()) {
    return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot be read"));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  return ReadYamlMessage(path, text, out);
}

std::string FieldPath(absl::string_view path, absl::string_view field) {
  return absl::StrCat(path, path.empty() ? "" : ".", field);
}

std::string ItemPath(absl::string_view path, int index) {
  return absl::StrCat(path, "[", index, "]");
}

}  // namespace tipgate

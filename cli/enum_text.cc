#include "cli/enum_text.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace tipgate {
namespace {

// buf's STANDARD rules give value 0 the name PREFIX_UNSPECIFIED.
std::string Prefix(const google::protobuf::EnumDescriptor& type) {
  return std::string(absl::StripSuffix(type.FindValueByNumber(0)->name(), "UNSPECIFIED"));
}

std::vector<std::string> KnownTexts(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> texts;
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number != 0) texts.push_back(EnumText(type, number));
  }
  return texts;
}

}  // namespace

std::string EnumText(const google::protobuf::EnumDescriptor& type, int number) {
  if (number == 0) return "";
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);
  return std::string(absl::StripPrefix(value->name(), Prefix(type)));
}

absl::StatusOr<int> ParseEnumText(const google::protobuf::EnumDescriptor& type,
                                  absl::string_view text) {
  const std::string name = absl::StrCat(Prefix(type), absl::AsciiStrToUpper(text));
  const auto* value = type.FindValueByName(name);
  if (value != nullptr && value->number() != 0) return value->number();
  return absl::InvalidArgumentError(absl::StrCat(
      "expected one of ", absl::StrJoin(KnownTexts(type), ", "), ", got '", text, "'"));
}

}  // namespace tipgate

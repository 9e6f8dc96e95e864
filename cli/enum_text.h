// Enum values as people write them: without the prefix that every value of a proto enum carries.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace tipgate {

// "DAY_LIMIT" for REJECTION_CODE_DAY_LIMIT; empty for the unspecified value; the number for one
// that this build does not know.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int number);

// The reverse, in any letter case; the error lists what there is.
absl::StatusOr<int> ParseEnumText(const google::protobuf::EnumDescriptor& type,
                                  absl::string_view text);

template <typename Enum>
std::string EnumText(Enum value) {
  return EnumText(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

template <typename Enum>
absl::StatusOr<Enum> ParseEnumText(absl::string_view text) {
  const absl::StatusOr<int> number =
      ParseEnumText(*google::protobuf::GetEnumDescriptor<Enum>(), text);
  if (!number.ok()) return number.status();
  return static_cast<Enum>(*number);
}

}  // namespace tipgate

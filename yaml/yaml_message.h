#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "yaml/yaml_document.h"

namespace tipgate {

// Where each field of a message was written, by path: "tip_max_minor", "tiers[2]",
// "tiers[2].settle_delay". It lets whoever checks what the values mean say where they stand.
class YamlLocations {
 public:
  explicit YamlLocations(absl::string_view file_name) : file_name_(file_name) {}

  void Add(const std::string& path, YamlLocation location) { locations_[path] = location; }

  // Tells a field that was written, even as 0 or "", from one that was left out.
  bool Has(absl::string_view path) const { return locations_.contains(path); }

  // "FILE:LINE:COLUMN" of a field, or of what it is missing from.
  std::string PlaceOf(absl::string_view path) const;

  // The error about the field `path`, located there, or at what it is missing from.
  absl::Status ErrorAt(absl::string_view path, absl::string_view expected,
                       absl::string_view found) const;

 private:
  YamlLocation LocationOf(absl::string_view path) const;

  std::string file_name_;
  absl::flat_hash_map<std::string, YamlLocation> locations_;
};

// Reads YAML into `out`, strictly: field names exactly the proto's, integers in decimal digits,
// booleans true or false, enums by name, google.protobuf.Duration as ParseDurationMs takes it, text
// in quotes where it looks like a number or a boolean. Knows the kinds of field that the contract
// has: int32, int64, bool, string, enum, message; the others are refused. Any fault is
// INVALID_ARGUMENT "FILE:LINE:COLUMN: field: expected ..., found ..."; `out` is then unspecified.
absl::StatusOr<YamlLocations> ReadYamlMessage(absl::string_view file_name, const std::string& text,
                                              google::protobuf::Message* out);

// The same from a file; one that cannot be read is an error that names it and the cause.
absl::StatusOr<YamlLocations> ReadYamlFile(const std::string& path, google::protobuf::Message* out);

// The name by which a value of an enum is written: `strict` for MINOR_PROFILE_STRICT.
std::string ShortName(const google::protobuf::EnumValueDescriptor& value);

// The path of a field inside the message at `path` ("" for the root), and of an item inside a
// repeated field.
std::string FieldPath(absl::string_view path, absl::string_view field);
std::string ItemPath(absl::string_view path, int index);

}  // namespace tipgate

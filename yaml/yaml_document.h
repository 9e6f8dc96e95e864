#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tipgate {

// Where something stands in a file; both count from 1, columns in bytes.
struct YamlLocation {
  int line = 1;
  int column = 1;
};

// One value of a YAML text.
struct YamlNode {
  enum class Kind {
    kNull,      // nothing, ~ or null
    kPlain,     // a scalar without quotes: what it means depends on the field
    kQuoted,    // a scalar in quotes, or a block scalar: text whatever it looks like
    kSequence,  // children: the items
    kMapping,   // children: key, value, key, value, ...
  };

  Kind kind = Kind::kNull;
  YamlLocation location;
  std::string text;
  std::vector<YamlNode> children;
};

// A larger text is refused.
inline constexpr size_t kYamlBytesMax = 16 << 20;

// The strict subset of YAML that files of people need: one document; no anchors, aliases or tags;
// no tabs or control characters; UTF-8 only. Bounded: at most kYamlBytesMax, 4,096 bytes a line, 32
// levels, 1,000,000 values.
absl::StatusOr<YamlNode> ParseYaml(absl::string_view file_name, const std::string& text);

// INVALID_ARGUMENT "FILE:LINE:COLUMN: field: expected ..., found ...". An empty `field` means the
// file as such.
absl::Status YamlError(absl::string_view file_name, YamlLocation location, absl::string_view field,
                       absl::string_view expected, absl::string_view found);

// `text` for an error message: in quotes, escaped, and cut if it is long.
std::string QuotedForError(absl::string_view text);

// What a node is, for an error message: "nothing", "a mapping", "\"x\"".
std::string DescribeForError(const YamlNode& node);

}  // namespace tipgate

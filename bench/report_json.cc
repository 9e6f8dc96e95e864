#include "bench/report_json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace tipgate {
namespace {

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", c);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace

void JsonObject::Add(absl::string_view name, absl::string_view json) {
  absl::StrAppend(&fields_, fields_.empty() ? "" : ", ", Quoted(name), ": ", json);
}

void JsonObject::AddText(absl::string_view name, absl::string_view value) {
  Add(name, Quoted(value));
}

void JsonObject::AddInteger(absl::string_view name, int64_t value) {
  Add(name, absl::StrCat(value));
}

void JsonObject::AddIntegers(absl::string_view name, const std::vector<int64_t>& values) {
  Add(name, absl::StrCat("[", absl::StrJoin(values, ", "), "]"));
}

void JsonObject::AddNumber(absl::string_view name, double value) {
  Add(name, absl::StrFormat("%.3f", value));
}

void JsonObject::AddNull(absl::string_view name) { Add(name, "null"); }

void JsonObject::AddObject(absl::string_view name, const JsonObject& value) {
  Add(name, value.ToString());
}

}  // namespace tipgate

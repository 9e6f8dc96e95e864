#include "cli/output.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "cli/display_text.h"
#include "google/protobuf/util/json_util.h"

namespace tipgate {

std::string JsonText(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  // Only a malformed well-known type can fail, such as a timestamp of the year 10000.
  if (!status.ok()) return absl::StrCat("{\"error\":\"", message.GetTypeName(), "\"}");
  return json;
}

bool Output::is_writable() const { return std::cout.good(); }

void Output::Print(const google::protobuf::Message& message, absl::string_view text) const {
  if (is_json_) std::cout << JsonText(message) << std::endl;
  PrintText(text);
}

void Output::PrintText(absl::string_view text) const {
  if (!is_json_) std::cout << text << std::flush;
}

void Output::Note(absl::string_view line) const {
  std::cerr << absl::StrCat("tipctl: ", EscapeControls(line), "\n");
}

}  // namespace tipgate

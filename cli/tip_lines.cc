#include "cli/tip_lines.h"

#include <cerrno>
#include <fstream>
#include <iostream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

namespace tipgate {
namespace {

// Protobuf's message quotes the text on lines of their own; the first says what is wrong.
absl::Status ParseIntent(const std::string& json, v1::TipIntent* intent) {
  const auto status = google::protobuf::util::JsonStringToMessage(json, intent);
  if (status.ok()) return absl::OkStatus();
  const std::string text(status.message());
  return absl::InvalidArgumentError(text.substr(0, text.find('\n')));
}

absl::StatusOr<std::vector<TipLine>> ReadFrom(std::istream& in, const std::string& name) {
  std::vector<TipLine> tips;
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    TipLine& tip = tips.emplace_back();
    tip.number = number;
    const absl::Status status = ParseIntent(line, &tip.intent);
    if (status.ok()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", number,
                     ": expected a TipIntent as JSON: ", absl::string_view(status.message())));
  }
  if (in.bad()) return absl::ErrnoToStatus(errno, absl::StrCat(name, ": cannot be read"));
  return tips;
}

}  // namespace

absl::StatusOr<std::vector<TipLine>> ReadTipLines(const std::string& path) {
  if (path.empty()) return ReadFrom(std::cin, "standard input");
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot be read"));
  return ReadFrom(file, path);
}

}  // namespace tipgate

#include "server/time_zone_name.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;

// Twice the longest there is.
constexpr size_t kBytesMax = 64;

bool IsNameCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '+' || c == '-' || c == '/';
}

// Where absl looks for it.
fs::path PathOf(absl::string_view name) {
  const char* const folder = std::getenv("TZDIR");
  const bool is_set = folder != nullptr && *folder != '\0';
  return fs::path(is_set ? folder : "/usr/share/zoneinfo") / std::string(name);
}

}  // namespace

bool IsTimeZoneName(absl::string_view text) {
  const bool is_name = !text.empty() && text.size() <= kBytesMax && text != "localtime" &&
                       text.front() != '/' && text.back() != '/' &&
                       !absl::StrContains(text, "//") &&
                       std::all_of(text.begin(), text.end(), IsNameCharacter);
  std::error_code ignored;
  if (!is_name || (text != "UTC" && !fs::is_regular_file(PathOf(text), ignored))) return false;
  absl::TimeZone zone;
  return absl::LoadTimeZone(text, &zone);
}

}  // namespace tipgate

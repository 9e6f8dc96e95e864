#include "yaml/duration_text.h"

#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

constexpr int64_t kNanosPerMs = 1'000'000;

struct Unit {
  const char* name;
  int64_t milliseconds;
};

constexpr Unit kUnits[] = {
    {"d", kDayMs}, {"h", kHourMs}, {"m", kMinuteMs}, {"s", kSecondMs}, {"ms", 1}};

// Takes the characters for which `belongs` holds from the front of `text`.
absl::string_view TakeWhile(absl::string_view* text, bool (*belongs)(unsigned char)) {
  size_t length = 0;
  while (length < text->size() && belongs(static_cast<unsigned char>((*text)[length]))) ++length;
  const absl::string_view taken = text->substr(0, length);
  text->remove_prefix(length);
  return taken;
}

}  // namespace

std::optional<int64_t> ParseDurationMs(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  int64_t total = 0;
  const Unit* unit = std::begin(kUnits);  // the largest that may still come
  while (!text.empty()) {
    int64_t count = 0;
    const absl::string_view digits = TakeWhile(&text, absl::ascii_isdigit);
    const absl::string_view name = TakeWhile(&text, absl::ascii_isalpha);
    if (digits.empty() || !absl::SimpleAtoi(digits, &count)) return std::nullopt;
    while (unit != std::end(kUnits) && name != unit->name) ++unit;
    if (unit == std::end(kUnits)) return std::nullopt;
    if (count > (kDurationMaxMs - total) / unit->milliseconds) return std::nullopt;
    total += count * unit->milliseconds;
    ++unit;
  }
  return total;
}

std::string DurationText(int64_t milliseconds) {
  if (milliseconds == 0) return "0s";
  std::string text;
  for (const Unit& unit : kUnits) {
    const int64_t count = milliseconds / unit.milliseconds;
    if (count > 0) absl::StrAppend(&text, count, unit.name);
    milliseconds %= unit.milliseconds;
  }
  return text;
}

int64_t Milliseconds(const google::protobuf::Duration& duration) {
  return duration.seconds() * kSecondMs + duration.nanos() / kNanosPerMs;
}

void SetMilliseconds(int64_t milliseconds, google::protobuf::Duration* duration) {
  duration->set_seconds(milliseconds / kSecondMs);
  duration->set_nanos(static_cast<int32_t>(milliseconds % kSecondMs * kNanosPerMs));
}

}  // namespace tipgate

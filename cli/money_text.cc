#include "cli/money_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tipgate {
namespace {

// A currency with two decimals, as the yuan: 100 minor units are one major unit.
constexpr uint64_t kMinorPerMajor = 100;
constexpr size_t kDigitsPerGroup = 3;

std::string GroupDigits(uint64_t number) {
  std::string digits = absl::StrCat(number);
  for (size_t from_end = kDigitsPerGroup; from_end < digits.size();
       from_end += kDigitsPerGroup + 1) {
    digits.insert(digits.size() - from_end, 1, ',');
  }
  return digits;
}

}  // namespace

std::string MoneyText(int64_t amount_minor) {
  const bool is_negative = amount_minor < 0;
  // Unsigned negation is defined for the smallest int64_t too.
  const uint64_t magnitude =
      is_negative ? 0 - static_cast<uint64_t>(amount_minor) : static_cast<uint64_t>(amount_minor);
  return absl::StrFormat("%s%s.%02d", is_negative ? "-" : "",
                         GroupDigits(magnitude / kMinorPerMajor), magnitude % kMinorPerMajor);
}

}  // namespace tipgate

#include "bench/evening_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tipgate {

std::string EveningCount(int64_t count) {
  const std::string digits = absl::StrCat(count < 0 ? -count : count);
  std::string text = count < 0 ? "-" : "";
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string EveningMoney(int64_t minor) {
  const int64_t size = minor < 0 ? -minor : minor;
  return absl::StrFormat("%s¥%s.%02d", minor < 0 ? "-" : "", EveningCount(size / 100), size % 100);
}

}  // namespace tipgate

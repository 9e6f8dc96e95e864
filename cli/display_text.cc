#include "cli/display_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_format.h"

namespace tipgate {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// The blocks that Unicode's EastAsianWidth.txt calls wide and that ids, keys and tiers may hold:
// Hangul, CJK, kana, full-width forms, emoji.
constexpr Range kWideRanges[] = {
    {0x1100, 0x115F},   {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

bool IsWide(uint32_t code_point) {
  return std::any_of(std::begin(kWideRanges), std::end(kWideRanges), [&](Range range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

bool IsContinuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// The payload bits of the first byte of a UTF-8 sequence.
uint32_t LeadBits(unsigned char byte) {
  if (byte < 0x80) return byte;
  if (byte < 0xE0) return byte & 0x1FU;
  if (byte < 0xF0) return byte & 0x0FU;
  return byte & 0x07U;
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size();) {
    uint32_t code_point = LeadBits(static_cast<unsigned char>(text[i++]));
    while (i < text.size() && IsContinuation(static_cast<unsigned char>(text[i]))) {
      code_point = (code_point << 6U) | (static_cast<unsigned char>(text[i++]) & 0x3FU);
    }
    width += IsWide(code_point) ? 2 : 1;
  }
  return width;
}

std::string EscapeControls(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 .. U+009F are C2 80 .. C2 9F in UTF-8; some terminals obey them like ESC sequences.
    const bool is_c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (is_c1) {
      absl::StrAppendFormat(&escaped, "\\x%02x", static_cast<unsigned char>(text[++i]));
    } else if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&escaped, "\\x%02x", byte);
    } else {
      escaped += text[i];
    }
  }
  return escaped;
}

}  // namespace tipgate

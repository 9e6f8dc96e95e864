#include "server/event_cursor.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/ids.h"

namespace tipgate {
namespace {

// The first kind of cursor; another kind would have another letter.
constexpr char kPrefix[] = "a";
// Longer than any cursor: a letter, three numbers and two dots.
constexpr size_t kTextBytesMax = 64;

}  // namespace

std::string EventCursor::ToText() const {
  return absl::StrCat(kPrefix, sequence, ".", position, ".", part);
}

std::optional<EventCursor> EventCursor::Parse(absl::string_view text) {
  absl::string_view numbers = text;
  if (text.size() > kTextBytesMax || !absl::ConsumePrefix(&numbers, kPrefix)) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(numbers, '.');
  EventCursor cursor;
  const bool has_numbers = parts.size() == 3 && absl::SimpleAtoi(parts[0], &cursor.sequence) &&
                           absl::SimpleAtoi(parts[1], &cursor.position) &&
                           absl::SimpleAtoi(parts[2], &cursor.part);
  if (!has_numbers || cursor.ToText() != text) return std::nullopt;
  const bool is_in_range = cursor.sequence >= 1 && cursor.sequence <= RecordId::kSequenceMax + 1 &&
                           cursor.position >= 0 && cursor.position <= RecordId::kPositionMax &&
                           cursor.part >= 0;
  if (!is_in_range) return std::nullopt;
  return cursor;
}

}  // namespace tipgate

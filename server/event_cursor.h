#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tipgate {

// A place between two events: before whatever the record at `position` of the journal's entry
// `sequence` tells from its part `part` on. A record's parts are its events; a settlement's are the
// ids of the tips that it may settle.
struct EventCursor {
  int64_t sequence = 1;
  int64_t position = 0;
  int64_t part = 0;

  // The text that callers store. Its meaning never changes.
  std::string ToText() const;
  // Nothing for what ToText does not give.
  static std::optional<EventCursor> Parse(absl::string_view text);

  friend auto operator<=>(const EventCursor&, const EventCursor&) = default;
};

}  // namespace tipgate

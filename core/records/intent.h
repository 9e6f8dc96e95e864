#pragma once

#include <cstdint>

#include "core/inline_text.h"

namespace tipgate {

// A stretch of one of the entry's pools (core/entry.h): what a record has several of.
template <typename T>
struct Slice {
  uint32_t begin = 0;
  uint32_t count = 0;
};

// Who sent a request, as authenticated; 0 is the one caller of a gate without authentication.
enum class CallerId : uint32_t {};

// The name of a request: what makes its repeat known.
struct Intent {
  CallerId caller{};
  IdempotencyKey key;
  int64_t create_time_ms = 0;  // 0: not told

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.caller, self.key, self.create_time_ms);
  }
};

}  // namespace tipgate

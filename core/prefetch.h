#pragma once

#include <cstddef>

namespace tipgate {

inline constexpr size_t kCacheLineBytes = 64;

// Hints that this line of memory will be needed soon.
inline void PrefetchLine(const void* address) {
  __builtin_prefetch(address, 1);
  // The compiler sees no effect in a prefetch, and would drop the call of a function that does
  // nothing else.
  asm volatile("");
}

// The same for all lines of an object.
inline void PrefetchBytes(const void* object, size_t bytes) {
  const char* const begin = static_cast<const char*>(object);
  for (size_t offset = 0; offset < bytes; offset += kCacheLineBytes) PrefetchLine(begin + offset);
  PrefetchLine(begin + bytes - 1);  // it may begin amid a line
}

}  // namespace tipgate

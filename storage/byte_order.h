#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tipgate {

// Fixed-width integers in bytes, independent of the machine. Little-endian in values; big-endian in
// keys, where it makes the order of bytes the order of non-negative numbers.

template <std::integral T>
char* PutLittleEndian(T value, char* out) {
  auto bits = static_cast<uint64_t>(value);
  for (size_t i = 0; i < sizeof(T); ++i, bits >>= 8) *out++ = static_cast<char>(bits);
  return out;
}

template <std::integral T>
T GetLittleEndian(const char* bytes) {
  uint64_t bits = 0;
  for (size_t i = sizeof(T); i-- > 0;) bits = (bits << 8) | static_cast<uint8_t>(bytes[i]);
  return static_cast<T>(bits);
}

inline char* PutBigEndian(uint64_t value, char* out) {
  for (int shift = 56; shift >= 0; shift -= 8) *out++ = static_cast<char>(value >> shift);
  return out;
}

inline uint64_t GetBigEndian(const char* bytes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i) bits = (bits << 8) | static_cast<uint8_t>(bytes[i]);
  return bits;
}

}  // namespace tipgate

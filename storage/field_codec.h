#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/inline_list.h"
#include "core/inline_text.h"
#include "core/money.h"
#include "core/record.h"

namespace tipgate {

// How the members that a Fields function lists become bytes, one after the other, without names or
// tags:
//
//   bool, uint8_t, enums of it    1 byte
//   signed integers, enums of     zigzag varint: (n << 1) ^ (n >> 63), then 7 bits a byte, lowest
//   first, the top bit them, Money, ids              says that more follow; the shortest form only
//   uint32_t, uint64_t, enums     varint
//   InlineText<N>, std::string    varint size, bytes
//   std::vector<T>, Slice<T>,     varint count, elements
//   InlineList<T, N>
//   PolicyPtr                     the fields of the policy
//   GiftCatalogPtr                varint count, gifts
//
// FieldWriter and FieldReader implement it.

// A varint of 64 bits has at most this many bytes.
inline constexpr size_t kVarintBytesMax = 10;
// The longest std::string; the contract's texts are far below.
inline constexpr size_t kTextBytesMax = 1024;
// The most elements of a vector or slice.
inline constexpr size_t kElementsMax = size_t{1} << 22;

template <typename T>
concept ByteField = std::same_as<T, uint8_t>;

template <typename T>
concept SignedField = std::signed_integral<T> && !std::same_as<T, char>;

template <typename T>
concept UnsignedField =
    std::unsigned_integral<T> && !std::same_as<T, bool> && !std::same_as<T, uint8_t>;

template <typename T>
concept EnumField = std::is_enum_v<T>;

// Id<Tag> and RecordId.
template <typename T>
concept IdField = std::same_as<decltype(std::declval<T>().value()), int64_t> &&
    std::constructible_from<T, int64_t>;

constexpr uint64_t ToZigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t FromZigzag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (0 - (value & 1)));
}

}  // namespace tipgate

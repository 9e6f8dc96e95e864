#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "core/check.h"
#include "core/entry.h"
#include "storage/byte_buffer.h"
#include "storage/field_codec.h"
#include "storage/known_enums.h"

namespace tipgate {

// Adds up an upper bound of the bytes that FieldWriter needs for the visited members. For a struct
// of plain members the compiler folds it into a constant.
class FieldSizeBound {
 public:
  template <typename... Members>
  void operator()(const Members&... members) {
    ((bytes_ += BoundOf(members)), ...);
  }

  size_t bytes() const { return bytes_; }

 private:
  template <typename T>
  static size_t BoundOf(const T&) {
    return kVarintBytesMax;
  }
  template <int kSize>
  static size_t BoundOf(const InlineText<kSize>&) {
    return 1 + kSize;
  }
  static size_t BoundOf(const std::string& text) { return kVarintBytesMax + text.size(); }
  template <typename T>
  static size_t BoundOf(const Slice<T>& slice) {
    return kVarintBytesMax + slice.count * ElementBound(T());
  }
  template <typename T>
  static size_t BoundOf(const std::vector<T>& elements) {
    size_t bytes = kVarintBytesMax;
    for (const T& element : elements) bytes += ElementBound(element);
    return bytes;
  }

  template <typename T, int kCountMax>
  static size_t BoundOf(const InlineList<T, kCountMax>& elements) {
    return kVarintBytesMax + elements.size() * ElementBound(T());
  }

  static size_t BoundOf(const PolicyPtr& policy) {
    TIPGATE_CHECK(policy != nullptr);
    return ElementBound(*policy);
  }
  static size_t BoundOf(const GiftCatalogPtr& catalog) {
    TIPGATE_CHECK(catalog != nullptr);
    return BoundOf(catalog->gifts());
  }

  template <typename T>
  static size_t ElementBound(const T& element) {
    if constexpr (std::is_integral_v<T> || IdField<T>) {
      return kVarintBytesMax;
    } else {
      FieldSizeBound bound;
      T::Fields(element, bound);
      return bound.bytes();
    }
  }

  size_t bytes_ = 0;
};

// Writes the visited members to memory that the caller has reserved, see field_codec.h. What could
// not be read back stops the process.
class FieldWriter {
 public:
  // `pools`: where slices point to; null if there are none.
  FieldWriter(char* out, const Entry* pools) : out_(out), pools_(pools) {}

  template <typename... Members>
  void operator()(const Members&... members) {
    (Put(members), ...);
  }

  // The end of what was written.
  char* end() const { return out_; }

 private:
  void Put(bool value) { *out_++ = value ? 1 : 0; }
  template <ByteField T>
  void Put(T value) {
    *out_++ = static_cast<char>(value);
  }
  template <SignedField T>
  void Put(T value) {
    PutVarint(ToZigzag(value));
  }
  template <UnsignedField T>
  void Put(T value) {
    PutVarint(value);
  }
  template <EnumField T>
  void Put(T value) {
    TIPGATE_CHECK(IsKnown(value));
    Put(static_cast<std::underlying_type_t<T>>(value));
  }
  template <IdField T>
  void Put(T id) {
    Put(id.value());
  }
  void Put(Money money) { Put(money.minor()); }

  template <int kSize>
  void Put(const InlineText<kSize>& text) {
    PutText(text.view());
  }
  void Put(const std::string& text) {
    TIPGATE_CHECK(text.size() <= kTextBytesMax);
    PutText(text);
  }
  template <typename T>
  void Put(const std::vector<T>& elements) {
    PutElements(absl::MakeConstSpan(elements));
  }
  template <typename T, int kCountMax>
  void Put(const InlineList<T, kCountMax>& elements) {
    PutElements(absl::MakeConstSpan(elements.begin(), elements.size()));
  }
  template <typename T>
  void Put(const Slice<T>& slice) {
    TIPGATE_CHECK(pools_ != nullptr);
    TIPGATE_CHECK(size_t{slice.begin} + slice.count <= pools_->Pool<T>().size());
    PutElements(pools_->View(slice));
  }

  void Put(const PolicyPtr& policy) { Policy::Fields(*policy, *this); }
  void Put(const GiftCatalogPtr& catalog) { Put(catalog->gifts()); }

  template <typename T>
  void PutElements(absl::Span<const T> elements) {
    TIPGATE_CHECK(elements.size() <= kElementsMax);
    PutVarint(elements.size());
    for (const T& element : elements) {
      if constexpr (std::is_integral_v<T> || IdField<T>) {
        Put(element);
      } else {
        T::Fields(element, *this);
      }
    }
  }

  void PutText(absl::string_view text) {
    PutVarint(text.size());
    std::memcpy(out_, text.data(), text.size());
    out_ += text.size();
  }

  void PutVarint(uint64_t value) {
    while (value >= 0x80) {
      *out_++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *out_++ = static_cast<char>(value);
  }

  char* out_;
  const Entry* pools_;
};

// Appends the fields of a struct.
template <typename T>
void AppendFields(const T& value, const Entry* pools, ByteBuffer* buffer) {
  FieldSizeBound bound;
  T::Fields(value, bound);
  FieldWriter writer(buffer->Reserve(bound.bytes()), pools);
  T::Fields(value, writer);
  buffer->AdvanceTo(writer.end());
}

}  // namespace tipgate

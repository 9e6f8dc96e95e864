#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/check.h"

namespace tipgate {

// A short list that lives inside its owner: no allocation, trivially copyable, at most `kCountMax`
// elements.
template <typename T, int kCountMax>
class InlineList {
 public:
  static constexpr size_t kSizeMax = kCountMax;

  size_t size() const { return size_; }
  const T* begin() const { return elements_.data(); }
  const T* end() const { return elements_.data() + size_; }
  const T& operator[](size_t index) const { return elements_[index]; }

  void PushBack(const T& element) {
    TIPGATE_CHECK(size_ < kSizeMax);
    elements_[size_++] = element;
  }
  // Takes the first `count` elements away.
  void EraseFront(size_t count) {
    TIPGATE_CHECK(count <= size_);
    std::copy(begin() + count, end(), elements_.data());
    size_ -= static_cast<uint32_t>(count);
  }
  void Erase(size_t index) {
    TIPGATE_CHECK(index < size_);
    std::copy(begin() + index + 1, end(), elements_.data() + index);
    --size_;
  }
  void Set(size_t index, const T& element) {
    TIPGATE_CHECK(index < size_);
    elements_[index] = element;
  }
  void Clear() { size_ = 0; }

 private:
  uint32_t size_ = 0;
  std::array<T, kCountMax> elements_{};
};

}  // namespace tipgate

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/strings/string_view.h"

namespace tipgate::differ {

// SplitMix64: small, and the same on every machine. Or what a fuzzer wishes.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  // Takes what it draws from the bytes, as few for each as it may, so that changed bytes change
  // single draws; at their end it draws 0. They outlive it and its copies.
  explicit Random(absl::string_view bytes) : state_(0), bytes_(bytes), is_of_bytes_(true) {}

  // All bytes are drawn.
  bool is_over() const { return is_of_bytes_ && bytes_.empty(); }

  uint64_t Next() {
    if (is_of_bytes_) return NextOfBytes(~uint64_t{0});
    state_ += 0x9e3779b97f4a7c15;
    uint64_t word = state_;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return word ^ (word >> 31);
  }

  // 0 .. bound - 1.
  int64_t Below(int64_t bound) {
    const uint64_t word = is_of_bytes_ ? NextOfBytes(static_cast<uint64_t>(bound) - 1) : Next();
    return static_cast<int64_t>(word % static_cast<uint64_t>(bound));
  }
  // min .. max.
  int64_t Between(int64_t min, int64_t max) { return min + Below(max - min + 1); }
  // True so many times in a thousand.
  bool Permille(int64_t permille) { return Below(1000) < permille; }
  // -1, 0 or 1: the edge and its neighbours.
  int64_t Edge() { return Below(3) - 1; }

  template <typename T>
  T OneOf(std::initializer_list<T> values) {
    return values.begin()[Below(static_cast<int64_t>(values.size()))];
  }
  template <typename T>
  const T& OneOf(const std::vector<T>& values) {
    return values[static_cast<size_t>(Below(static_cast<int64_t>(values.size())))];
  }

 private:
  // As many bytes as a number up to `max` has.
  uint64_t NextOfBytes(uint64_t max) {
    uint64_t word = 0;
    for (; max != 0 && !bytes_.empty(); max >>= 8) {
      word = word << 8 | static_cast<uint8_t>(bytes_[0]);
      bytes_.remove_prefix(1);
    }
    return word;
  }

  uint64_t state_;
  absl::string_view bytes_;
  bool is_of_bytes_ = false;
};

}  // namespace tipgate::differ

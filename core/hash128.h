#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace tipgate {

// 128 bits that stand for something longer. Not cryptographic; the journal's chain, which must be,
// is SHA-256.
struct Hash128 {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;

  template <typename H>
  friend H AbslHashValue(H h, const Hash128& hash) {
    return H::combine(std::move(h), hash.low);
  }

  // Sums are the same in any order, so a set hashes alike however it is walked.
  Hash128& operator+=(const Hash128& other) {
    high += other.high;
    low += other.low;
    return *this;
  }
  Hash128& operator-=(const Hash128& other) {
    high -= other.high;
    low -= other.low;
    return *this;
  }

  // 32 hexadecimal digits.
  std::string ToHex() const;
};

// Feeds numbers and bytes into a Hash128. Depends on nothing but them: the same on every machine
// and build.
class Hasher128 {
 public:
  void Add(uint64_t word);
  void Add(absl::string_view bytes);
  Hash128 Finish() const;

 private:
  uint64_t high_ = 0x243f6a8885a308d3;  // digits of pi: nothing up the sleeve
  uint64_t low_ = 0x13198a2e03707344;
  uint64_t words_count_ = 0;
};

}  // namespace tipgate

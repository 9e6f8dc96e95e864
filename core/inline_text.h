#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/check.h"

namespace tipgate {

// A short text that lives inside its owner: no allocation, trivially copyable, at most `kBytesMax`
// bytes.
template <int kBytesMax>
class InlineText {
  static_assert(kBytesMax > 0 && kBytesMax < 256);

 public:
  static constexpr size_t kSizeMax = kBytesMax;

  InlineText() = default;
  // `text` has at most kSizeMax bytes.
  explicit InlineText(absl::string_view text) : size_(static_cast<uint8_t>(text.size())) {
    TIPGATE_CHECK(text.size() <= kSizeMax);
    std::memcpy(bytes_.data(), text.data(), text.size());
  }

  absl::string_view view() const { return {bytes_.data(), size_}; }
  bool empty() const { return size_ == 0; }

  // Byte by byte: the texts of rules are short and were often written a moment ago, where a wide
  // read would have to wait for the narrow writes.
  friend bool operator==(const InlineText& a, const InlineText& b) {
    if (a.size_ != b.size_) return false;
    for (size_t i = 0; i < a.size_; ++i) {
      if (a.bytes_[i] != b.bytes_[i]) return false;
    }
    return true;
  }

 private:
  uint8_t size_ = 0;
  std::array<char, kBytesMax> bytes_;
};

// The caller's name for one intent.
using IdempotencyKey = InlineText<64>;
// A tier of the policy.
using TierName = InlineText<8>;
// Who did something, as the transport knows them.
using ActorName = InlineText<32>;
// The case that something was done for: a reference into the platform's own files.
using CaseName = InlineText<64>;
// Why something was done, in words.
using ReasonText = InlineText<200>;
// Which system stated a fact.
using SourceName = InlineText<32>;

}  // namespace tipgate

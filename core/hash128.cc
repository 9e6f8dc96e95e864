#include "core/hash128.h"

#include <cstring>

#include "absl/strings/str_format.h"

namespace tipgate {
namespace {

// Odd multipliers (golden ratio and the finalizer of MurmurHash3, public domain).
constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;
constexpr uint64_t kMixFirst = 0xff51afd7ed558ccd;
constexpr uint64_t kMixSecond = 0xc4ceb9fe1a85ec53;

// Both halves of the 128-bit product folded together: every input bit reaches every output bit.
uint64_t MultiplyFold(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t Finalize(uint64_t word) {
  word ^= word >> 33;
  word *= kMixFirst;
  word ^= word >> 33;
  word *= kMixSecond;
  return word ^ (word >> 33);
}

}  // namespace

std::string Hash128::ToHex() const { return absl::StrFormat("%016x%016x", high, low); }

void Hasher128::Add(uint64_t word) {
  ++words_count_;
  // Adding the product to the old value keeps the map of each step invertible: no word can erase
  // what came before.
  low_ = (low_ ^ word) * kMixFirst;
  low_ ^= low_ >> 29;
  high_ +=
      MultiplyFold(word + kGolden * words_count_, kMixSecond ^ low_) ^ (high_ << 7 | high_ >> 57);
}

void Hasher128::Add(absl::string_view bytes) {
  Add(bytes.size());
  while (!bytes.empty()) {
    uint64_t word = 0;
    const size_t size = bytes.size() < sizeof(word) ? bytes.size() : sizeof(word);
    std::memcpy(&word, bytes.data(), size);
    Add(word);
    bytes.remove_prefix(size);
  }
}

Hash128 Hasher128::Finish() const {
  return {.high = Finalize(high_ ^ Finalize(low_ + words_count_)), .low = Finalize(low_ ^ kGolden)};
}

}  // namespace tipgate

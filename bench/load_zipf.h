#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace tipgate {

// Draws 0 .. count - 1, number i with a probability in proportion to 1 / (i + 1)^exponent: exponent
// 0 is uniform, 1 is the usual popularity of live sessions. Constant time a draw (Walker's alias
// method). Const calls are thread-safe.
class Zipf {
 public:
  // 1 <= count <= 2^32 - 1; exponent >= 0.
  Zipf(uint32_t count, double exponent);

  uint32_t Draw(std::mt19937_64& random) const;

 private:
  // A draw picks a slot, then the slot's own number or its alias.
  struct Slot {
    uint32_t own_share = 0;  // In 2^-32.
    uint32_t alias = 0;
  };

  std::vector<Slot> slots_;
};

// Draws 0 .. count - 1, all alike; count > 0.
inline uint64_t DrawUniform(std::mt19937_64& random, uint64_t count) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<uint64_t>(Wide{random()} * count >> 64);
}

}  // namespace tipgate

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tipgate {

// A row of elements that grows by one chunk at a time: no element ever moves, and growth costs the
// same however many there are.
template <typename T, uint32_t kChunkSize>
class Chunks {
  static_assert((kChunkSize & (kChunkSize - 1)) == 0);

 public:
  uint32_t size() const { return size_; }

  T& operator[](uint32_t index) { return chunks_[index / kChunkSize][index % kChunkSize]; }
  const T& operator[](uint32_t index) const {
    return chunks_[index / kChunkSize][index % kChunkSize];
  }

  // One more element, as its type makes it.
  void Grow() {
    if (size_ % kChunkSize == 0) chunks_.push_back(std::make_unique<T[]>(kChunkSize));
    ++size_;
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  uint32_t size_ = 0;
};

}  // namespace tipgate

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/check.h"

namespace tipgate {

// A stack of slots of a table, in blocks: it neither moves what it holds nor keeps twice the room.
class SlotStack {
 public:
  bool empty() const { return size_ == 0; }

  void Push(uint32_t slot) {
    if (size_ == blocks_.size() * kBlockSize) {
      blocks_.push_back(std::make_unique<uint32_t[]>(kBlockSize));
    }
    blocks_[size_ / kBlockSize][size_ % kBlockSize] = slot;
    ++size_;
  }

  uint32_t Pop() {
    TIPGATE_CHECK(size_ > 0);
    --size_;
    return blocks_[size_ / kBlockSize][size_ % kBlockSize];
  }

  // Blocks that hold nothing any more become room of the other stack.
  void GiveRoomTo(SlotStack* other) {
    while (blocks_.size() * kBlockSize >= size_ + kBlockSize) {
      other->blocks_.push_back(std::move(blocks_.back()));
      blocks_.pop_back();
    }
  }

  void Swap(SlotStack* other) {
    blocks_.swap(other->blocks_);
    std::swap(size_, other->size_);
  }

 private:
  static constexpr size_t kBlockSize = 1024;

  std::vector<std::unique_ptr<uint32_t[]>> blocks_;
  size_t size_ = 0;
};

}  // namespace tipgate

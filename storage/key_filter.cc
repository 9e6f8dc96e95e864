#include "storage/key_filter.h"

#include <algorithm>

#include "core/check.h"

namespace tipgate {
namespace {

constexpr size_t kWords = 8;
constexpr int64_t kBitsPerKey = 16;

// Odd numbers, so that each word takes other bits of a key: those of the Parquet format.
constexpr std::array<uint32_t, kWords> kSalts = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                                 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};

uint32_t BitOf(uint32_t key, size_t word) {
  constexpr int kShift = 32 - 5;
  return uint32_t{1} << ((key * kSalts[word]) >> kShift);
}

// What chooses the bits; the block is chosen by the other half of the hash.
uint32_t BitsOf(const Hash128& key) { return static_cast<uint32_t>(key.low); }

}  // namespace

struct alignas(kWords * sizeof(uint32_t)) KeyFilter::Block {
  std::array<std::atomic<uint32_t>, kWords> words{};

  void Add(uint32_t key) {
    for (size_t i = 0; i < kWords; ++i) {
      const uint32_t word = words[i].load(std::memory_order_relaxed);  // nobody else writes
      words[i].store(word | BitOf(key, i), std::memory_order_relaxed);
    }
  }

  bool Contains(uint32_t key) const {
    uint32_t missing = 0;
    for (size_t i = 0; i < kWords; ++i) {
      missing |= BitOf(key, i) & ~words[i].load(std::memory_order_relaxed);
    }
    return missing == 0;
  }

  void Clear() {
    for (std::atomic<uint32_t>& word : words) word.store(0, std::memory_order_relaxed);
  }
};

KeyFilter::KeyFilter(int64_t bytes_max)
    : part_blocks_(static_cast<size_t>(bytes_max) / kPartsCount / sizeof(Block)),
      part_keys_max_(static_cast<int64_t>(part_blocks_ * sizeof(Block)) * 8 / kBitsPerKey) {
  TIPGATE_CHECK(part_blocks_ > 0);
}

KeyFilter::~KeyFilter() {
  for (Part& part : parts_) delete[] part.blocks.load();
}

size_t KeyFilter::BlockOf(const Hash128& key) const {
  // A number below part_blocks_, without a division (Lemire).
  __extension__ using Wide = unsigned __int128;
  return static_cast<size_t>((static_cast<Wide>(key.high) * part_blocks_) >> 64);
}

void KeyFilter::Prefetch(const Hash128& key) const {
  const size_t block = BlockOf(key);
  for (const Part& part : parts_) {
    const Block* const blocks = part.blocks.load(std::memory_order_acquire);
    if (blocks == nullptr) return;
    __builtin_prefetch(&blocks[block]);
  }
}

bool KeyFilter::MayContain(const Hash128& key) const {
  const size_t block = BlockOf(key);
  for (const Part& part : parts_) {
    const Block* const blocks = part.blocks.load(std::memory_order_acquire);
    if (blocks == nullptr) return false;  // parts begin in order
    if (blocks[block].Contains(BitsOf(key))) return true;
  }
  return false;
}

void KeyFilter::Add(absl::Span<const KeyRow> rows, int64_t forget_before) {
  const absl::MutexLock lock(&mutex_);
  for (const KeyRow& row : rows) {
    if (parts_[current_].blocks.load() == nullptr || IsFull(parts_[current_])) Turn(forget_before);
    Part& part = parts_[current_];
    part.blocks.load(std::memory_order_relaxed)[BlockOf(row.key)].Add(BitsOf(row.key));
    part.last_sequence = std::max(part.last_sequence, row.record.sequence());
    ++part.keys_count;
  }
}

void KeyFilter::Turn(int64_t forget_before) {
  const bool is_first = parts_[current_].blocks.load() == nullptr;
  const size_t next = is_first ? current_ : (current_ + 1) % kPartsCount;
  Part& part = parts_[next];
  Block* const blocks = part.blocks.load(std::memory_order_relaxed);
  if (blocks == nullptr) {
    part.blocks.store(new Block[part_blocks_], std::memory_order_release);
  } else if (part.last_sequence < forget_before) {
    std::for_each(blocks, blocks + part_blocks_, [](Block& block) { block.Clear(); });
  } else {
    return;
  }
  part.keys_count = 0;
  part.last_sequence = 0;
  current_ = next;
}

int64_t KeyFilter::bytes() const {
  int64_t count = 0;
  for (const Part& part : parts_) count += part.blocks.load() != nullptr ? 1 : 0;
  return count * static_cast<int64_t>(part_blocks_ * sizeof(Block));
}

}  // namespace tipgate

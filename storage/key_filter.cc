#include "storage/key_filter.h"

#include <algorithm>
#include <numeric>

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

class alignas(kWords * sizeof(uint32_t)) KeyFilter::Block {
 public:
  void Add(uint32_t key) {
    for (size_t i = 0; i < kWords; ++i) Set(i, BitOf(key, i));
  }

  void Add(const Block& other) {
    for (size_t i = 0; i < kWords; ++i) Set(i, other.words_[i].load(std::memory_order_relaxed));
  }

  void Clear() {
    for (std::atomic<uint32_t>& word : words_) word.store(0, std::memory_order_release);
  }

  bool Contains(uint32_t key) const {
    uint32_t missing = 0;
    for (size_t i = 0; i < kWords; ++i) {
      missing |= BitOf(key, i) & ~words_[i].load(std::memory_order_acquire);
    }
    return missing == 0;
  }

 private:
  // One thread at a time.
  void Set(size_t word, uint32_t bits) {
    words_[word].store(words_[word].load(std::memory_order_relaxed) | bits,
                       std::memory_order_release);
  }

  // Who sees a word with Contains sees all that came before it was written.
  std::array<std::atomic<uint32_t>, kWords> words_{};
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
  const int64_t merges_count = merges_count_.load(std::memory_order_acquire);
  const size_t block = BlockOf(key);
  for (const Part& part : parts_) {
    const Block* const blocks = part.blocks.load(std::memory_order_acquire);
    if (blocks == nullptr) break;
    if (blocks[block].Contains(BitsOf(key))) return true;
  }
  return merges_count_.load(std::memory_order_relaxed) != merges_count;
}

void KeyFilter::Add(absl::Span<const KeyRow> rows, int64_t forget_before) {
  const absl::MutexLock lock(&mutex_);
  for (const KeyRow& row : rows) {
    if (parts_[current_].blocks.load() == nullptr || IsFull(parts_[current_])) {
      current_ = FreePart(forget_before);
      Begin(&parts_[current_]);
    }
    Part& part = parts_[current_];
    part.blocks.load(std::memory_order_relaxed)[BlockOf(row.key)].Add(BitsOf(row.key));
    part.last_sequence = std::max(part.last_sequence, row.record.sequence());
    ++part.keys_count;
  }
}

size_t KeyFilter::FreePart(int64_t forget_before) {
  for (size_t i = 0; i < kPartsCount; ++i) {
    const Part& part = parts_[i];
    if (part.blocks.load() == nullptr || part.last_sequence < forget_before) return i;
  }
  return MergeParts();
}

// Returns the one whose keys the other has now.
size_t KeyFilter::MergeParts() {
  std::array<size_t, kPartsCount> by_age;
  std::iota(by_age.begin(), by_age.end(), size_t{0});
  std::stable_sort(by_age.begin(), by_age.end(), [this](size_t a, size_t b) {
    return parts_[a].last_sequence < parts_[b].last_sequence;
  });
  const auto keys_with_next = [&](size_t i) {
    return parts_[by_age[i]].keys_count + parts_[by_age[i + 1]].keys_count;
  };
  size_t older = 0;
  for (size_t i = 1; i + 1 < kPartsCount; ++i) {
    if (keys_with_next(i) < keys_with_next(older)) older = i;
  }
  const Part& from = parts_[by_age[older]];
  Part& to = parts_[by_age[older + 1]];
  const Block* const blocks = from.blocks.load(std::memory_order_relaxed);
  Block* const merged = to.blocks.load(std::memory_order_relaxed);
  for (size_t i = 0; i < part_blocks_; ++i) merged[i].Add(blocks[i]);
  to.keys_count += from.keys_count;
  // Before the first bit goes, so that a reader who misses one learns of it.
  merges_count_.fetch_add(1, std::memory_order_release);
  return by_age[older];
}

void KeyFilter::Begin(Part* part) {
  if (Block* const blocks = part->blocks.load(std::memory_order_relaxed); blocks != nullptr) {
    std::for_each(blocks, blocks + part_blocks_, [](Block& block) { block.Clear(); });
  } else {
    part->blocks.store(new Block[part_blocks_], std::memory_order_release);
  }
  part->keys_count = 0;
  part->last_sequence = 0;
}

int64_t KeyFilter::bytes() const {
  int64_t count = 0;
  for (const Part& part : parts_) count += part.blocks.load() != nullptr ? 1 : 0;
  return count * static_cast<int64_t>(part_blocks_ * sizeof(Block));
}

}  // namespace tipgate

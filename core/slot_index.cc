#include "core/slot_index.h"

#include <utility>

namespace tipgate {

SlotIndex::SlotIndex() {
  buckets_.Grow();
  overflow_.Grow();
}

void SlotIndex::Put(uint64_t hash, uint32_t slot) {
  Line* line = &buckets_[BucketOf(hash)];
  while (line->PlacesOf(0) == 0) line = line->next == 0 ? Chain(line) : &overflow_[line->next];
  const size_t place = Line::FirstOf(line->PlacesOf(0));
  line->tags[place] = TagOf(hash);
  line->slots[place] = slot;
}

SlotIndex::Line* SlotIndex::Chain(Line* line) {
  if (free_line_ == 0) {
    free_line_ = overflow_.size();
    overflow_.Grow();
  }
  line->next = free_line_;
  Line& chained = overflow_[free_line_];
  free_line_ = chained.next;
  chained.next = 0;
  return &chained;
}

void SlotIndex::Erase(uint64_t hash, uint32_t slot) {
  const uint8_t tag = TagOf(hash);
  for (Line* line = &buckets_[BucketOf(hash)];; line = &overflow_[line->next]) {
    for (uint64_t places = line->PlacesOf(tag); places != 0; places &= places - 1) {
      const size_t place = Line::FirstOf(places);
      if (line->slots[place] != slot) continue;
      line->tags[place] = 0;
      --size_;
      return;
    }
    TIPGATE_CHECK(line->next != 0);
  }
}

void SlotIndex::TakeApart() {
  const uint32_t bucket = buckets_.size();
  buckets_.Grow();
  if (bucket > mask_) mask_ = mask_ * 2 + 1;
  for (uint32_t chained = TakeAll(&buckets_[bucket & (mask_ >> 1)]); chained != 0;) {
    Line& line = overflow_[chained];
    const uint32_t next = TakeAll(&line);
    line.next = std::exchange(free_line_, chained);
    chained = next;
  }
}

uint32_t SlotIndex::TakeAll(Line* line) {
  for (size_t place = 0; place < Line::kPlaces; ++place) {
    if (line->tags[place] != 0) moving_.push_back(line->slots[place]);
  }
  line->tags = {};
  return std::exchange(line->next, 0);
}

}  // namespace tipgate

#include "core/key_memory.h"

#include <utility>

namespace tipgate {

Hash128 HashKey(CallerId caller, absl::string_view key) {
  Hasher128 hasher;
  hasher.Add(static_cast<uint64_t>(caller));
  hasher.Add(key);
  return hasher.Finish();
}

RecordId KeyMemory::Find(const Hash128& key) const {
  if (const auto it = current_->find(key); it != current_->end()) return it->second;
  for (const Generation& generation : frozen_) {
    const auto it = generation.keys->find(key);
    if (it != generation.keys->end()) return it->second;
  }
  return RecordId();
}

void KeyMemory::Prefetch(const Hash128& key) const {
  current_->prefetch(key);
  for (const Generation& generation : frozen_) generation.keys->prefetch(key);
}

void KeyMemory::Insert(const Hash128& key, RecordId record) {
  const bool is_new = current_->emplace(key, record).second;
  TIPGATE_CHECK(is_new);
}

std::shared_ptr<const KeyTable> KeyMemory::Freeze(int64_t sequence) {
  std::shared_ptr<const KeyTable> keys = std::exchange(current_, std::make_shared<KeyTable>());
  current_->reserve(keys->size());  // the next generation is about as large: it does not rehash
  frozen_.push_back({.keys = keys, .last_sequence = sequence});
  return keys;
}

std::vector<std::shared_ptr<const KeyTable>> KeyMemory::NoteStored(int64_t sequence) {
  std::vector<std::shared_ptr<const KeyTable>> dropped;
  while (frozen_.size() > 1 && frozen_[1].last_sequence <= sequence) {
    dropped_sequence_ = frozen_.front().last_sequence;
    dropped.push_back(std::move(frozen_.front().keys));
    frozen_.pop_front();
  }
  return dropped;
}

}  // namespace tipgate

#include "core/key_memory.h"

#include <algorithm>
#include <utility>

namespace tipgate {
namespace {

// So that few tables are looked at, even in a generation that becomes a thousand times as large as
// the one before.
constexpr size_t kRoomGrowth = 4;

RecordId FindIn(const KeyTables& tables, const Hash128& key) {
  for (const auto& table : tables) {
    if (const auto it = table->find(key); it != table->end()) return it->second;
  }
  return RecordId();
}

size_t CountOf(const KeyTables& tables) {
  size_t count = 0;
  for (const auto& table : tables) count += table->size();
  return count;
}

}  // namespace

Hash128 HashKey(CallerId caller, absl::string_view key) {
  Hasher128 hasher;
  hasher.Add(static_cast<uint64_t>(caller));
  hasher.Add(key);
  return hasher.Finish();
}

RecordId KeyMemory::Find(const Hash128& key) const {
  if (const auto it = current_->find(key); it != current_->end()) return it->second;
  if (const RecordId record = FindIn(full_, key); record.is_set()) return record;
  for (const Generation& generation : frozen_) {
    if (const RecordId record = FindIn(generation.tables, key); record.is_set()) return record;
  }
  return RecordId();
}

void KeyMemory::Prefetch(const Hash128& key) const {
  current_->prefetch(key);
  for (const auto& table : full_) table->prefetch(key);
  for (const Generation& generation : frozen_) {
    for (const auto& table : generation.tables) table->prefetch(key);
  }
}

void KeyMemory::Insert(const Hash128& key, RecordId record) {
  if (current_->size() == room_) {
    full_.push_back(std::move(current_));
    Begin(room_ * kRoomGrowth);
  }
  const bool is_new = current_->emplace(key, record).second;
  TIPGATE_CHECK(is_new);
}

int64_t KeyMemory::count() const {
  int64_t count = current_count();
  for (const Generation& generation : frozen_) {
    count += static_cast<int64_t>(CountOf(generation.tables));
  }
  return count;
}

int64_t KeyMemory::current_count() const {
  return static_cast<int64_t>(CountOf(full_) + current_->size());
}

KeyTables KeyMemory::Freeze(int64_t sequence) {
  KeyTables tables = std::exchange(full_, {});
  tables.push_back(std::move(current_));
  Begin(std::max(kRoomMin, CountOf(tables) + CountOf(tables) / 4));  // the next is about as large
  frozen_.push_back({.tables = tables, .last_sequence = sequence});
  return tables;
}

void KeyMemory::Begin(size_t room) {
  room_ = room;
  current_ = std::make_shared<KeyTable>();
  current_->reserve(room);
}

KeyTables KeyMemory::NoteStored(int64_t sequence) {
  KeyTables dropped;
  while (frozen_.size() > 1 && frozen_[1].last_sequence <= sequence) {
    dropped_sequence_ = frozen_.front().last_sequence;
    for (auto& table : frozen_.front().tables) dropped.push_back(std::move(table));
    frozen_.pop_front();
  }
  return dropped;
}

}  // namespace tipgate

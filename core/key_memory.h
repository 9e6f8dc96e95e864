#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "core/hash128.h"
#include "core/record.h"
#include "core/state_store.h"

namespace tipgate {

// What callers say may claim to be this much later than the gate's clock: clocks differ.
inline constexpr int64_t kClockAheadMaxMs = 60'000;

// What stands for a caller's key in tables.
Hash128 HashKey(CallerId caller, absl::string_view key);

// The idempotency keys that are not yet, or only just, in the stored index. One thread; frozen
// generations are immutable and may be read by others.
//
// Who looks a key up reads the stored index first, outside of the sequencer's thread, and this
// memory after that. The two together know every key as long as the index that was read is not
// older than dropped_sequence.
class KeyMemory {
 public:
  // Keys that the first table of a generation has room for, at least; each further one has room for
  // several times as many.
  static constexpr size_t kRoomMin = 65'536;

  KeyMemory() { Begin(kRoomMin); }

  // The record that the key named, or unset.
  RecordId Find(const Hash128& key) const;

  // Hints that this key will be looked for soon.
  void Prefetch(const Hash128& key) const;

  void Insert(const Hash128& key, RecordId record);

  // All keys.
  int64_t count() const;

  // Keys of the current generation.
  int64_t current_count() const;

  // Ends the current generation; it holds all keys up to the entry `sequence` that no earlier
  // generation holds.
  KeyTables Freeze(int64_t sequence);

  // Told once the stored index knows all keys up to `sequence`. Drops the generations before the
  // newest one that is covered: so a look-up may be as old as a whole checkpoint interval before it
  // has to be made again. Returns what it drops: to free millions of keys takes long, and is better
  // done on another thread.
  KeyTables NoteStored(int64_t sequence);

  // Keys of entries up to here are in the stored index alone.
  int64_t dropped_sequence() const { return dropped_sequence_; }

  // Nothing was dropped before this entry; for a start from stored state.
  void Reset(int64_t stored_sequence) { dropped_sequence_ = stored_sequence; }

  // Told that keys of entries up to this time are gone for good, however long keys are remembered
  // by now.
  void NoteForgotten(int64_t last_time_ms) {
    first_intent_ms_ = last_time_ms + kClockAheadMaxMs + 1;
  }

  // No intent that was made at this time or later has a forgotten key.
  int64_t first_intent_ms() const { return first_intent_ms_; }

 private:
  struct Generation {
    KeyTables tables;
    int64_t last_sequence = 0;
  };

  // Makes an empty table the current one.
  void Begin(size_t room);

  KeyTables full_;  // of the current generation, the oldest first
  std::shared_ptr<KeyTable> current_;
  size_t room_ = 0;  // of the current table: it never grows, for that would be a stall
  std::deque<Generation> frozen_;  // the oldest first
  int64_t dropped_sequence_ = 0;
  int64_t first_intent_ms_ = std::numeric_limits<int64_t>::min();
};

}  // namespace tipgate

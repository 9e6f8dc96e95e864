#pragma once

#include <cstddef>

#include "tests/crash/kill_order.h"

namespace tipgate::crash {

// What one write(2) to a log of RocksDB begins with. Pure; allocates nothing.
struct LogWrite {
  LogContent content = LogContent::kNothing;
  int record_kind = -1;       // of an entry's first record
  int record_action = -1;     // the byte after that: the action, of records that have one
  int record_key_bytes = -1;  // of these: the size of their idempotency key
};

// Reads the head of the first record, its batch, and the batch's first row. Bytes that it does not
// understand, such as those of a record whose head was split at the end of a block, are kNothing.
LogWrite ParseLogWrite(const char* bytes, size_t size);

// True if the pattern means such a write.
bool Means(const CallPattern& pattern, const LogWrite& write);

}  // namespace tipgate::crash

#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/entry.h"
#include "core/journal.h"
#include "storage/byte_buffer.h"
#include "storage/sha256.h"

namespace tipgate {

// One entry in bytes. Integers are little-endian.
//
//   offset  bytes
//        0      4  format, 1
//        4      4  count of records
//        8      8  term
//       16      8  sequence
//       24     32  hash of the entry before; zeros in the first
//       56      8  time, Unix milliseconds
//       64      4  local day, days since 1970-01-01
//       68      4  local month, months since year 0
//       72      8  end of that day, Unix milliseconds
//       80      8  end of that month, Unix milliseconds
//       88      4  size of the body
//       92         body: per record one byte of kind (its index in Record), then its fields
//       (field_codec.h)
//     -32      32  SHA-256 of everything before: the entry's hash, its checksum and the link of the
//     chain
inline constexpr uint32_t kEntryFormat = 1;
inline constexpr size_t kEntryHeaderBytes = 92;
inline constexpr size_t kEntryBytesMin = kEntryHeaderBytes + sizeof(ChainHash);
// Far above what kEntryRecordsMax records need; bounds what a reader accepts.
inline constexpr size_t kEntryBytesMax = size_t{256} << 20;

// Turns entries into bytes; keeps its memory from one to the next. One thread.
class EntryEncoder {
 public:
  // The bytes of an entry under a term, after the entry with the hash `previous`. Valid until the
  // next Encode. Does not read entry.term. What could not be decoded again stops the process.
  absl::string_view Encode(const Entry& entry, int64_t term, const ChainHash& previous);

  // The hash of the entry encoded last.
  const ChainHash& hash() const { return hash_; }

 private:
  ByteBuffer buffer_;
  Sha256 sha256_;
  ChainHash hash_{};
};

// How an entry hangs in the chain.
struct EntryLink {
  ChainHash previous{};
  ChainHash hash{};
};

// Reads bytes that anybody may have damaged into entries. One thread at a time.
class EntryDecoder {
 public:
  // Fills `entry`, reusing its memory, and `link`. DATA_LOSS unless the bytes are exactly what
  // Encode wrote.
  absl::Status Decode(absl::string_view bytes, Entry* entry, EntryLink* link);

 private:
  Sha256 sha256_;
};

}  // namespace tipgate

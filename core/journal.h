#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/entry.h"

namespace tipgate {

// SHA-256 of an entry's bytes, which contain the hash of the entry before: it names the whole
// history.
using ChainHash = std::array<uint8_t, 32>;

// Where the journal ends. The empty journal ends at sequence 0 with a hash of zeros.
struct JournalHead {
  int64_t term = 0;
  int64_t sequence = 0;
  int64_t time_ms = 0;
  ChainHash hash{};
};

// 64 hexadecimal digits.
std::string ToHex(const ChainHash& hash);

// Walks entries in order. One thread at a time. Sees entries that become durable after it was made.
class JournalReader {
 public:
  virtual ~JournalReader() = default;

  // Fills the next entry. False at the durable end: call again later. DATA_LOSS if bytes are
  // damaged or the chain is broken, saying at which sequence.
  virtual absl::StatusOr<bool> Next(Entry* entry) = 0;

  // The hash of the entry that Next filled last.
  virtual const ChainHash& hash() const = 0;
};

// The append-only durable record, in whole batches; the truth. State is rebuilt from it and never
// the other way.
//
// Append and Claim: one thread at a time. All else: any thread.
class Journal {
 public:
  virtual ~Journal() = default;

  // Takes the ownership of the journal: the new term, which Append stamps from now on. Entries of
  // an older term after this are void.
  virtual absl::StatusOr<int64_t> Claim() = 0;

  // Writes the entry with sequence head + 1; durable when it returns OK. On any error the outcome
  // is unknown: the caller must stop acknowledging and never append again.
  virtual absl::Status Append(const Entry& entry) = 0;

  // The last durable entry.
  virtual JournalHead Head() const = 0;

  // The entry with this sequence. NOT_FOUND past the head, DATA_LOSS if its bytes are damaged.
  virtual absl::Status Read(int64_t sequence, Entry* entry) const = 0;

  // A reader whose first Next gives `first_sequence` (>= 1).
  virtual std::unique_ptr<JournalReader> ReadFrom(int64_t first_sequence) const = 0;
};

}  // namespace tipgate

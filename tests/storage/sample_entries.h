#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "core/entry.h"
#include "core/journal.h"

namespace tipgate {

// An entry with one small record of this kind (its index in Record), every member with a value of
// its own.
Entry SampleEntry(int kind);

// An entry with one record of each kind, every member at an edge of its type.
Entry ExtremeEntry();

// An entry with `tips_count` tips of made-up people.
Entry RandomTips(int64_t sequence, int tips_count, std::mt19937_64& random);

// The bytes that stand for all members of an entry: two entries are equal if these are.
std::string BytesOf(const Entry& entry);

// The journal's own bytes for the whole of it, through a reader. Checks that every read succeeds.
std::string BytesOf(const Journal& journal);

}  // namespace tipgate

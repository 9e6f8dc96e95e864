#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tests/damage/history.h"

namespace tipgate::damage {

enum class Verdict {
  kRecovered,    // all that was acknowledged is there
  kShorter,      // its beginning is there, and nothing else: a whole number of entries
  kRefused,      // at the start
  kFoundByRead,  // by a read after it
  kWrong,        // anything else: what must never be
};

struct Finding {
  Verdict verdict = Verdict::kRecovered;
  int64_t last_sequence = 0;  // of the journal, where there was a start
  int exit_code = 0;          // of a refusal
  std::string words;          // of a refusal, or what is wrong
  bool was_rebuilt = false;   // the words advised --rebuild-keys, and that brought everything back
};

// Starts a gate on a data directory as main does, reads everything that there is, and compares it
// with the book. Syncs in name only. A refusal that does not say where and what to do is kWrong,
// and so is one that advises --rebuild-keys and does not get everything back that way.
Finding Inspect(const std::string& directory, const Book& book);

}  // namespace tipgate::damage

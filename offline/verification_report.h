#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"

namespace tipgate {

// A sum of money in minor units, or a count, by the name that the contract's Totals gives it.
struct NamedSum {
  std::string name;
  int64_t value = 0;
};

// What a verification found, all of which agrees.
struct VerificationReport {
  int64_t entries_count = 0;
  int64_t records_count = 0;   // tips and all other changes
  int64_t keys_count = 0;      // that the index remembers, and the journal
  int64_t stored_entries = 0;  // that the stored state contains
  int64_t last_time_ms = 0;    // of the last entry; 0: there is none
  std::string chain_head;      // hash of the last entry, 64 hexadecimal digits
  std::string state_hash;      // 32 hexadecimal digits
  std::vector<NamedSum> totals;
};

// Told from time to time how far it is, on the caller's thread.
using VerificationProgress =
    absl::FunctionRef<void(int64_t entries_done_count, int64_t entries_total_count)>;

}  // namespace tipgate

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/entry.h"
#include "core/state.h"
#include "core/state_store.h"

namespace tipgate {

// What a gate decided in a random evening that ends with something of every kind: holds, changes of
// tips, orders about many, proposals. The same seed gives the same entries.
std::vector<Entry> EveningEntries(uint64_t seed, int operations);

// How to make a directory of them. Each function may tamper with what is written.
struct EveningDirectoryOptions {
  uint64_t seed = 1;
  int operations = 300;  // each entry costs an fsync
  std::function<void(std::vector<Entry>& entries)> forge_entries = [](auto&) {};
  std::function<void(State& state)> forge_state = [](auto&) {};
  std::function<void(KeyTable& keys)> forge_keys = [](auto&) {};
};

// Makes the data directory that a gate leaves in a crash: all entries in the journal, state and
// keys of the first two thirds stored, the last third in the log alone, and HEAD. Returns the
// entries.
std::vector<Entry> MakeEveningDirectory(const std::string& path,
                                        const EveningDirectoryOptions& options = {});

}  // namespace tipgate

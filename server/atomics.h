#pragma once

#include <atomic>
#include <cstdint>

namespace tipgate {

// What code without locks is made of, as a policy: a test can put a model of memory in its place
// (tests/interleaving/model_atomics.h) and try every order of the steps of several threads on the
// very code that is shipped.
struct StdAtomics {
  template <typename T>
  using Atomic = std::atomic<T>;

  // Touched by one thread at a time, which an atomic has told that it may.
  template <typename T>
  using Plain = T;

  // Sleeps while `word` is `value`, but not longer than this; may return early.
  static void SleepWhile(std::atomic<uint32_t>& word, uint32_t value, int64_t timeout_ns);
  // Ends the sleep of one thread there, if one sleeps.
  static void WakeOne(std::atomic<uint32_t>& word);
};

}  // namespace tipgate

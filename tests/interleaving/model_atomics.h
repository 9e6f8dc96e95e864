#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "tests/interleaving/checker.h"

namespace tipgate::interleaving {

// A value of a type of at most 64 bits as a number, and back.
template <typename T>
uint64_t ToWord(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return std::bit_cast<uint64_t>(value);
  } else {
    return static_cast<uint64_t>(value);
  }
}
template <typename T>
T FromWord(uint64_t word) {
  if constexpr (std::is_pointer_v<T>) {
    return std::bit_cast<T>(word);
  } else {
    return static_cast<T>(word);
  }
}

// Stands for std::atomic in code under a Checker, which is asked what each step gives. Has what
// that code uses of it. No memory order is assumed: each call names one.
template <typename T>
class ModelAtomic {
 public:
  explicit ModelAtomic(T value) : place_(Checker::Current().AddAtomic(ToWord(value))) {}
  ModelAtomic(const ModelAtomic&) = delete;
  ModelAtomic& operator=(const ModelAtomic&) = delete;

  T load(std::memory_order order, const char* function = __builtin_FUNCTION(),
         int line = __builtin_LINE()) const {
    return FromWord<T>(Perform(Operation::Kind::kLoad, 0, order, function, line).value);
  }
  void store(T value, std::memory_order order, const char* function = __builtin_FUNCTION(),
             int line = __builtin_LINE()) {
    Perform(Operation::Kind::kStore, ToWord(value), order, function, line);
  }
  T exchange(T value, std::memory_order order, const char* function = __builtin_FUNCTION(),
             int line = __builtin_LINE()) {
    return FromWord<T>(
        Perform(Operation::Kind::kExchange, ToWord(value), order, function, line).value);
  }
  T fetch_add(T value, std::memory_order order, const char* function = __builtin_FUNCTION(),
              int line = __builtin_LINE()) {
    return FromWord<T>(Perform(Operation::Kind::kAdd, ToWord(value), order, function, line).value);
  }
  bool compare_exchange_weak(T& expected, T value, std::memory_order order,
                             const char* function = __builtin_FUNCTION(),
                             int line = __builtin_LINE()) {
    const Result result = Checker::Current().Perform({.kind = Operation::Kind::kCompareExchange,
                                                      .place = place_,
                                                      .operand = ToWord(value),
                                                      .expected = ToWord(expected),
                                                      .order = order,
                                                      .function = function,
                                                      .line = line});
    if (!result.is_success) expected = FromWord<T>(result.value);
    return result.is_success;
  }

  int place() const { return place_; }

 private:
  Result Perform(Operation::Kind kind, uint64_t operand, std::memory_order order,
                 const char* function, int line) const {
    return Checker::Current().Perform({.kind = kind,
                                       .place = place_,
                                       .operand = operand,
                                       .expected = 0,
                                       .order = order,
                                       .function = function,
                                       .line = line});
  }

  const int place_;
};

// Stands for a plain variable in code under a Checker, which finds data races.
template <typename T>
class ModelPlain {
 public:
  explicit ModelPlain(T value) : place_(Checker::Current().AddPlain(ToWord(value))) {}
  ModelPlain(const ModelPlain&) = delete;

  operator T() const {  // NOLINT(google-explicit-constructor)
    return FromWord<T>(Perform(Operation::Kind::kReadPlain, 0).value);
  }
  ModelPlain& operator=(T value) {
    Perform(Operation::Kind::kWritePlain, ToWord(value));
    return *this;
  }
  ModelPlain& operator++() { return *this = static_cast<T>(*this) + 1; }

 private:
  Result Perform(Operation::Kind kind, uint64_t operand) const {
    return Checker::Current().Perform({.kind = kind,
                                       .place = place_,
                                       .operand = operand,
                                       .expected = 0,
                                       .order = std::memory_order_relaxed,
                                       .function = "plain memory",
                                       .line = 0});
  }

  const int place_;
};

// The policy of server/atomics.h under which code runs under a Checker.
struct ModelAtomics {
  template <typename T>
  using Atomic = ModelAtomic<T>;
  template <typename T>
  using Plain = ModelPlain<T>;

  // No time passes: only a WakeOne ends it for sure, though it may return early.
  static void SleepWhile(ModelAtomic<uint32_t>& word, uint32_t value, int64_t) {
    Futex(Operation::Kind::kSleep, word, value, "SleepWhile");
  }
  static void WakeOne(ModelAtomic<uint32_t>& word) {
    Futex(Operation::Kind::kWake, word, 0, "WakeOne");
  }

 private:
  static void Futex(Operation::Kind kind, const ModelAtomic<uint32_t>& word, uint32_t value,
                    const char* function) {
    Checker::Current().Perform({.kind = kind,
                                .place = word.place(),
                                .operand = value,
                                .expected = 0,
                                .order = std::memory_order_relaxed,
                                .function = function,
                                .line = 0});
  }
};

}  // namespace tipgate::interleaving

#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <string>

namespace tipgate::interleaving {

// A step that a thread takes on what it shares with others.
struct Operation {
  enum class Kind {
    kLoad,
    kStore,
    kExchange,
    kAdd,
    kCompareExchange,  // the weak one, which may fail for no reason
    kReadPlain,
    kWritePlain,
    kSleep,  // while the atomic has the value `operand`
    kWake,
  };

  Kind kind = Kind::kLoad;
  int place = 0;          // the number of the atomic, or of the plain value
  uint64_t operand = 0;   // what is written, added, or written if `expected` was there
  uint64_t expected = 0;  // of a kCompareExchange
  std::memory_order order = std::memory_order_relaxed;
  const char* function = "";  // where it stands in the code
  int line = 0;
};

// What a step gives the code that takes it.
struct Result {
  uint64_t value = 0;
  bool is_success = true;  // of a kCompareExchange

  friend auto operator<=>(const Result&, const Result&) = default;
};

// The word of the language for a memory order, such as "acq_rel".
const char* OrderName(std::memory_order order);

// What an operation is called: "Push store release".
std::string NameOf(const Operation& operation);

inline bool IsPlain(const Operation& operation) {
  return operation.kind == Operation::Kind::kReadPlain ||
         operation.kind == Operation::Kind::kWritePlain;
}
inline bool IsAcquire(std::memory_order order) {
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel;
}
inline bool IsRelease(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel;
}

// A fault that is put into all operations of one name, to see whether it is found.
struct Fault {
  enum class Kind {
    kNone,
    kReorder,  // they have `order` instead of theirs
    kSkip,     // they are left out: nothing is written, and what is read is 0
  };

  Kind kind = Kind::kNone;
  std::string operation;
  std::memory_order order = std::memory_order_relaxed;
};

}  // namespace tipgate::interleaving

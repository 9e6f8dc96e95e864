#include "tests/interleaving/operation.h"

#include "absl/strings/str_cat.h"

namespace tipgate::interleaving {
namespace {

const char* KindName(Operation::Kind kind) {
  switch (kind) {
    case Operation::Kind::kLoad:
      return "load";
    case Operation::Kind::kStore:
      return "store";
    case Operation::Kind::kExchange:
      return "exchange";
    case Operation::Kind::kAdd:
      return "add";
    case Operation::Kind::kCompareExchange:
      return "compare_exchange";
    case Operation::Kind::kReadPlain:
      return "read";
    case Operation::Kind::kWritePlain:
      return "write";
    case Operation::Kind::kSleep:
      return "sleep";
    case Operation::Kind::kWake:
      return "wake";
  }
  return "";
}

}  // namespace

const char* OrderName(std::memory_order order) {
  switch (order) {
    case std::memory_order_relaxed:
      return "relaxed";
    case std::memory_order_consume:
      return "consume";
    case std::memory_order_acquire:
      return "acquire";
    case std::memory_order_release:
      return "release";
    case std::memory_order_acq_rel:
      return "acq_rel";
    case std::memory_order_seq_cst:
      return "seq_cst";
  }
  return "";
}

std::string NameOf(const Operation& operation) {
  return absl::StrCat(operation.function, " ", KindName(operation.kind), " ",
                      OrderName(operation.order));
}

}  // namespace tipgate::interleaving

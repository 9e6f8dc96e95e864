// Idempotency: one key is one intent. All calls share the keys; only what was decided is
// remembered, never an error.
#pragma once

#include <any>
#include <map>
#include <optional>
#include <string>

#include "tests/oracle/codes.h"

namespace tipgate::oracle {

class KeyBook {
 public:
  // The first answer to this request, or the error of a key that was used for another one; none if
  // the key is new.
  template <class Result, class Request>
  std::optional<Result> Find(const Request& request) const {
    const auto found = entries_.find(request.idempotency_key);
    if (found == entries_.end()) return std::nullopt;
    const Request* first = std::any_cast<Request>(&found->second.request);
    if (first == nullptr || !(*first == request)) return Result{.error = ErrorReason::kKeyReused};
    Result result = std::any_cast<Result>(found->second.result);
    result.is_replay = true;
    return result;
  }

  template <class Request, class Result>
  void Remember(const Request& request, const Result& result) {
    entries_[request.idempotency_key] = {request, result};
  }

 private:
  struct Entry {
    std::any request;
    std::any result;
  };

  std::map<std::string, Entry> entries_;
};

// 1 .. 64 bytes.
inline bool IsKey(const std::string& key) { return !key.empty() && key.size() <= 64; }

}  // namespace tipgate::oracle

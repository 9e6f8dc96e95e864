#pragma once

#include <atomic>
#include <cstdint>

#include "server/rpc.h"

namespace tipgate {

// How many calls of one method may be in work, and what those beyond are told. Any thread.
struct CallLimit {
  std::atomic<int64_t>* count = nullptr;  // in work; kept up to date
  int64_t max = 0;
  CallError refusal;

  // False if the call must be refused. One that has entered leaves at its end.
  bool Enter() const {
    if (count->fetch_add(1) < max) return true;
    Leave();
    return false;
  }
  void Leave() const { count->fetch_sub(1); }
};

}  // namespace tipgate

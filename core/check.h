#pragma once

namespace tipgate {

// Says on stderr which condition broke, then aborts: what only a bug can cause must not be
// acknowledged.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace tipgate

// On in every build. One condition each; never for input, disk or network.
#define TIPGATE_CHECK(condition)                              \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::tipgate::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)

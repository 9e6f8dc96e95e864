#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace tipgate {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "tipgate: broken invariant at %s:%d: %s\n", file, line, condition);
  std::abort();
}

}  // namespace tipgate

// A target under libFuzzer. TIPGATE_FUZZ_TARGET names it; docs/testing.md says how it is run.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "core/check.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const tipgate::fuzz::Target* const kTarget =
      tipgate::fuzz::FindTarget(TIPGATE_FUZZ_TARGET);
  TIPGATE_CHECK(kTarget != nullptr);
  const std::string fault = kTarget->run({reinterpret_cast<const char*>(data), size});
  if (fault.empty()) return 0;
  std::cerr << kTarget->name << ": " << fault << std::endl;
  std::abort();
}

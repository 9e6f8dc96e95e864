#include "tests/differ/scenario.h"
#include "tests/fuzz/target.h"

namespace tipgate::fuzz {

std::string RunOperations(absl::string_view bytes) {
  differ::Scenario scenario(bytes);
  return scenario.Run() ? "" : scenario.Report();
}

}  // namespace tipgate::fuzz

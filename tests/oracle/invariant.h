// What only a bug can break: in the oracle itself, or in the test that feeds it.
#pragma once

#include <stdexcept>
#include <string>

namespace tipgate::oracle {

inline void Require(bool holds, const char* invariant) {
  if (!holds) throw std::logic_error(std::string("oracle: does not hold: ") + invariant);
}

}  // namespace tipgate::oracle

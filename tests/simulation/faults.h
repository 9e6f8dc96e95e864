#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tests/differ/random.h"

namespace tipgate::simulation {

using differ::Random;

// Thrown where the process is gone: nothing after it happens.
struct Death {
  std::string where;
};

// What goes wrong, so many times in a thousand, drawn from the seed; counted by name.
class Faults {
 public:
  explicit Faults(Random* random) : random_(*random) {}

  // True if the fault of this name strikes now.
  bool Strikes(const char* name, int64_t permille) {
    if (!is_on_ || !random_.Permille(permille)) return false;
    ++counts_[name];
    return true;
  }

  // A point at which the process may die.
  void Reach(const char* name, int64_t permille) {
    if (Strikes(name, permille)) throw Death{name};
  }

  void TurnOff() { is_on_ = false; }
  bool is_on() const { return is_on_; }
  const std::map<std::string, int64_t>& counts() const { return counts_; }
  Random& random() { return random_; }

 private:
  Random& random_;
  bool is_on_ = true;
  std::map<std::string, int64_t> counts_;
};

}  // namespace tipgate::simulation

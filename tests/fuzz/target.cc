#include "tests/fuzz/target.h"

namespace tipgate::fuzz {

const std::vector<Target>& Targets() {
  static const std::vector<Target>* const kTargets = new std::vector<Target>{
      {"requests", RunRequests},
      {"journal", RunJournal},
      {"yaml", RunYaml},
      {"operations", RunOperations},
  };
  return *kTargets;
}

const Target* FindTarget(absl::string_view name) {
  for (const Target& target : Targets()) {
    if (name == target.name) return &target;
  }
  return nullptr;
}

}  // namespace tipgate::fuzz

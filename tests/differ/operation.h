#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/differ/random.h"
#include "tests/differ/requests.h"

namespace tipgate::differ {

class Duel;
class Observations;

// One thing that is done to the gate and to the oracle alike. Immutable: a step of a scenario that
// can be run again, also without the steps before it.
class Operation {
 public:
  virtual ~Operation() = default;

  // Does it to both, now, and notes every difference in the duel.
  virtual void Run(Duel* duel) const = 0;

  // For people.
  virtual std::string Text() const = 0;

  // The name of the call; empty if it is none.
  virtual const char* name() const { return ""; }

  // What is asked, with the ids that earlier steps were given, under another key if it has one.
  // Nothing if it is not one call.
  virtual std::optional<AnyRequest> RequestOf(const Observations&, const std::string&) const {
    return std::nullopt;
  }

  // How many requests it is.
  virtual int64_t requests_count() const { return 1; }

  // The same wish under the same key, but not quite: what must be refused. Null if it has no key.
  virtual std::shared_ptr<const Operation> Altered(Random*) const { return nullptr; }
  // The same wish under a new key. Null if it has no key.
  virtual std::shared_ptr<const Operation> WithKey(const std::string&) const { return nullptr; }
};

using OperationPtr = std::shared_ptr<const Operation>;

struct Step {
  int number = 0;  // from 1; ids that the gate gives are known by it
  int64_t time_ms = 0;
  OperationPtr operation;
};

}  // namespace tipgate::differ

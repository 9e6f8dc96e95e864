#pragma once

#include <string>
#include <vector>

#include "tests/crash/kill_order.h"

namespace tipgate::crash {

// What is going on when the process dies.
enum class Situation {
  kLoad,         // clients tip; checkpoints, settlements and expiries come by themselves
  kBurst,        // and one call brings so much that checkpoints write files
  kFreeze,       // and an order to freeze income is carried out
  kRelease,      // and an order to release it
  kRefund,       // and an order to refund it
  kDrain,        // and the gate is asked to stop
  kStart,        // it starts after a death
  kRebuild,      // it starts with --rebuild-keys
  kNewDirectory  // it starts for the first time
};

// A named point at which a gate can be made to die. docs/testing.md lists what they are about.
struct KillPoint {
  std::string name = {};
  Situation situation{};
  // Without a pattern: at any moment, so many microseconds after it was armed as `count` draws.
  KillOrder order = {};
  // The order's count is drawn from 1 to here.
  int count_max = 1;

  bool is_at_any_moment() const { return order.first.call == FileCall::kNone; }
};

// All of them, each name once.
const std::vector<KillPoint>& KillPoints();

// Null if there is none of this name.
const KillPoint* FindKillPoint(const std::string& name);

}  // namespace tipgate::crash

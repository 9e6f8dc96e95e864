#pragma once

#include "tests/interleaving/checker.h"

namespace tipgate::interleaving {

// Threads that use a ring (server/ring.h) as the pipeline does, under a checker. Each tells what
// must hold: nothing is lost or comes twice, the items of a producer keep their order, nobody
// sleeps for ever.

// How much there is of everything.
struct RingSize {
  int producers = 2;
  int items = 2;  // of each producer
  int capacity = 2;
};

// Producers who try until there is room, and a consumer who sleeps as often as it can.
Checker::Report CheckRing(const RingSize& size, Machine machine, const Fault& fault = {});

// The consumer ends when it is told to, by a flag and a wake, and sleeps unless it was: what a
// producer has put in before that must not be left.
Checker::Report CheckStop(const Fault& fault = {});

// A gate for sleepers (server/wake_gate.h) by itself: a flag, raised by somebody who then wakes.
// `looks_again`: the sleeper looks between Prepare and Wait, as it must.
Checker::Report CheckGate(bool looks_again, const Fault& fault = {});

}  // namespace tipgate::interleaving

#pragma once

#include <string>
#include <vector>

#include "tests/crash/kill_point.h"

namespace tipgate::crash {

// Which points come when: each kind in turn, so that none is left out. With a point named, that one
// wherever it fits.
class Schedule {
 public:
  // Of several runs that share the points: the `slice`-th of `slices_count`. `only`: empty, or the
  // name of a point.
  Schedule(int slice, int slices_count, const std::string& only);

  // While it serves.
  const KillPoint& NextServing() { return Next(&serving_); }
  // It is the next again.
  void RepeatServing() { --serving_.next; }
  // While it starts again: so many, one after the other.
  std::vector<const KillPoint*> NextStarts(int count) { return NextSome(&starts_, count); }
  // While it starts for the first time: in the order in which a start comes by them, each once.
  std::vector<const KillPoint*> NextFirstStarts(int count);

  // All points that will come, if it goes on for long enough.
  std::vector<const KillPoint*> All() const;

 private:
  struct Turn {
    std::vector<const KillPoint*> points;
    size_t next = 0;
  };

  static const KillPoint& Next(Turn* turn);
  static std::vector<const KillPoint*> NextSome(Turn* turn, int count);

  Turn serving_;
  Turn starts_;
  Turn first_starts_;
};

}  // namespace tipgate::crash

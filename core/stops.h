#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ids.h"
#include "core/inline_text.h"

namespace tipgate {

// What an emergency stop covers. Stored; never renumber.
enum class StopKind : uint8_t {
  kEverything = 1,
  kApp = 2,  // what one caller asks for
  kSession = 3,
  kStreamer = 4,
  kGift = 5,
};

struct StopScope {
  StopKind kind{};
  int64_t id = 0;      // of kSession, kStreamer, kGift
  ActorName app = {};  // of kApp

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.kind, self.id, self.app);
  }

  friend bool operator==(const StopScope&, const StopScope&) = default;
};

// One emergency stop in force.
struct Stop {
  StopScope scope;
  ActorName actor;  // who began it
  ReasonText reason;
  int64_t start_time_ms = 0;
  ActorName lift_approver;  // the first of the two who must agree to lift it; empty: nobody yet

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.scope.Fields(self.scope, visit);
    visit(self.actor, self.reason, self.start_time_ms, self.lift_approver);
  }
};

// The emergency stops in force (rule T1): few, and there is one of this. Ascending by scope, so
// that what covers a tip is found in a few comparisons.
//
// Invariant: no scope twice; at most kStopsMax, and the stop of everything.
struct Stops {
  std::vector<Stop> stops;
  RecordId changed;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.stops, self.changed);
  }

  bool empty() const { return stops.empty(); }

  // The stop of exactly this scope, or null.
  const Stop* Find(const StopScope& scope) const;
  Stop* Find(const StopScope& scope);

  // The stop of this scope, made if it was not there.
  Stop& FindOrInsert(const StopScope& scope);
  // Takes away the stop of this scope, which is there.
  void Erase(const StopScope& scope);

  // True if there is no room for one more of this scope. A stop of everything always has room.
  bool IsFullFor(const StopScope& scope) const;

  // True if everything is stopped, or this app; the name is empty where the caller is not known.
  bool CoversApp(const ActorName& app) const;
  bool Covers(StopKind kind, int64_t id) const { return Find({.kind = kind, .id = id}) != nullptr; }
};

// Stops of one thing each that may be in force.
inline constexpr size_t kStopsMax = 1'024;

}  // namespace tipgate

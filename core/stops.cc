#include "core/stops.h"

#include <algorithm>

namespace tipgate {
namespace {

bool IsBefore(const Stop& stop, const StopScope& scope) {
  const StopScope& own = stop.scope;
  if (own.kind != scope.kind) return own.kind < scope.kind;
  if (own.id != scope.id) return own.id < scope.id;
  return own.app.view() < scope.app.view();
}

}  // namespace

const Stop* Stops::Find(const StopScope& scope) const {
  return const_cast<Stops*>(this)->Find(scope);
}

Stop* Stops::Find(const StopScope& scope) {
  const auto place = std::lower_bound(stops.begin(), stops.end(), scope, IsBefore);
  return place == stops.end() || !(place->scope == scope) ? nullptr : &*place;
}

Stop& Stops::FindOrInsert(const StopScope& scope) {
  const auto place = std::lower_bound(stops.begin(), stops.end(), scope, IsBefore);
  if (place != stops.end() && place->scope == scope) return *place;
  TIPGATE_CHECK(!IsFullFor(scope));
  Stop stop;
  stop.scope = scope;
  return *stops.insert(place, stop);
}

void Stops::Erase(const StopScope& scope) {
  const auto place = std::lower_bound(stops.begin(), stops.end(), scope, IsBefore);
  TIPGATE_CHECK(place != stops.end());
  TIPGATE_CHECK(place->scope == scope);
  stops.erase(place);
}

bool Stops::IsFullFor(const StopScope& scope) const {
  if (scope.kind == StopKind::kEverything || Find(scope) != nullptr) return false;
  const size_t others = stops.size() - (Find({.kind = StopKind::kEverything}) == nullptr ? 0 : 1);
  return others >= kStopsMax;
}

bool Stops::CoversApp(const ActorName& app) const {
  return Covers(StopKind::kEverything, 0) ||
         (!app.empty() && Find({.kind = StopKind::kApp, .id = 0, .app = app}) != nullptr);
}

}  // namespace tipgate

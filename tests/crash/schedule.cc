#include "tests/crash/schedule.h"

#include <algorithm>

#include "core/check.h"

namespace tipgate::crash {
namespace {

// While nothing else is asked for.
constexpr char kAnyServing[] = "any-moment";
constexpr char kAnyStart[] = "start-any-moment";

}  // namespace

Schedule::Schedule(int slice, int slices_count, const std::string& only) {
  const auto turn_of = [this](const KillPoint& point) -> Turn& {
    switch (point.situation) {
      case Situation::kStart:
      case Situation::kRebuild:
        return starts_;
      case Situation::kNewDirectory:
        return first_starts_;
      default:
        return serving_;
    }
  };
  if (!only.empty()) {
    const KillPoint* const point = FindKillPoint(only);
    TIPGATE_CHECK(point != nullptr);
    turn_of(*point).points.push_back(point);
    if (serving_.points.empty()) serving_.points.push_back(FindKillPoint(kAnyServing));
    if (starts_.points.empty()) starts_.points.push_back(FindKillPoint(kAnyStart));
    return;
  }
  for (const KillPoint& point : KillPoints()) turn_of(point).points.push_back(&point);
  for (Turn* turn : {&serving_, &starts_, &first_starts_}) {
    std::vector<const KillPoint*> ours;
    for (size_t i = static_cast<size_t>(slice); i < turn->points.size();
         i += static_cast<size_t>(slices_count)) {
      ours.push_back(turn->points[i]);
    }
    turn->points = std::move(ours);
  }
}

std::vector<const KillPoint*> Schedule::NextFirstStarts(int count) {
  const int available = static_cast<int>(first_starts_.points.size());
  std::vector<const KillPoint*> points = NextSome(&first_starts_, std::min(count, available));
  std::sort(points.begin(), points.end());  // they stand in one vector, in that order
  return points;
}

std::vector<const KillPoint*> Schedule::All() const {
  std::vector<const KillPoint*> all;
  for (const Turn* turn : {&serving_, &starts_, &first_starts_}) {
    all.insert(all.end(), turn->points.begin(), turn->points.end());
  }
  return all;
}

const KillPoint& Schedule::Next(Turn* turn) {
  TIPGATE_CHECK(!turn->points.empty());
  return *turn->points[turn->next++ % turn->points.size()];
}

std::vector<const KillPoint*> Schedule::NextSome(Turn* turn, int count) {
  std::vector<const KillPoint*> points;
  for (int i = 0; i < count; ++i) points.push_back(&Next(turn));
  return points;
}

}  // namespace tipgate::crash

#include "tests/oracle/cooling_off.h"

#include <algorithm>
#include <utility>

#include "tests/oracle/totals.h"

namespace tipgate::oracle {
namespace {

struct WindowUse {
  int64_t amount = 0;
  int64_t count = 0;
};

// A tip exactly as old as the window is out of it.
bool IsInWindow(const Tip& tip, int64_t now_ms, int64_t window_ms) {
  return tip.enters_window && !tip.left_window && tip.accept_time_ms > now_ms - window_ms &&
         CountedAmount(tip) != 0;
}

// What the payer was accepted with in the window that ends now.
WindowUse UseOfWindow(const World& world, int64_t now_ms, int64_t payer_id, int64_t window_ms) {
  WindowUse use;
  const auto places = world.tips_of_payer.find(payer_id);
  if (places == world.tips_of_payer.end()) return use;
  for (const std::size_t place : places->second) {
    const Tip& tip = world.tips[place];
    if (!IsInWindow(tip, now_ms, window_ms)) continue;
    use.amount += CountedAmount(tip);
    ++use.count;
  }
  return use;
}

bool IsTriggered(const World& world, int64_t now_ms, int64_t payer_id, int64_t amount) {
  const CoolingOffPolicy& policy = *world.policy->cooling_off;
  if (policy.single_amount && amount >= *policy.single_amount) return true;
  const WindowUse before = UseOfWindow(world, now_ms, payer_id, policy.window_ms);
  if (policy.window_amount && before.amount + amount >= *policy.window_amount) return true;
  return policy.window_count && before.count + 1 >= *policy.window_count;
}

}  // namespace

std::optional<int64_t> CoolingOffEnd(const World& world, int64_t now_ms, int64_t payer_id) {
  std::optional<int64_t> end_ms;
  for (const CoolingOff& cooling_off : world.cooling_offs) {
    if (cooling_off.payer_id != payer_id || now_ms >= cooling_off.end_ms) continue;
    end_ms = std::max(end_ms.value_or(cooling_off.end_ms), cooling_off.end_ms);
  }
  return end_ms;
}

// Rule O4: otherwise it holds.
bool CoolingOffBlocks(const World& world) {
  const std::optional<CoolingOffPolicy>& policy = world.policy->cooling_off;
  return !policy || policy->mode == CoolingOffMode::kBlock;
}

void CoolingOffStands(const World& world, int64_t now_ms, int64_t payer_id,
                      Violations& violations) {
  if (!CoolingOffBlocks(world)) return;
  const std::optional<int64_t> end_ms = CoolingOffEnd(world, now_ms, payer_id);
  if (end_ms) violations.push_back({.code = Code::kCoolingOff, .retry_time_ms = end_ms});
}

std::optional<int64_t> CoolingOffAfter(const World& world, int64_t now_ms, int64_t payer_id,
                                       int64_t amount) {
  if (!world.policy->cooling_off || !IsTriggered(world, now_ms, payer_id, amount)) {
    return std::nullopt;
  }
  return now_ms + world.policy->cooling_off->duration_ms;
}

void MakeRoomInWindow(World& world, int64_t now_ms, int64_t payer_id) {
  constexpr int64_t kTipsMax = 64;
  constexpr int64_t kWindowMaxMs = 3'600'000;
  if (UseOfWindow(world, now_ms, payer_id, kWindowMaxMs).count < kTipsMax) return;
  for (const std::size_t place : world.tips_of_payer.at(payer_id)) {
    Tip& tip = world.tips[place];
    if (!IsInWindow(tip, now_ms, kWindowMaxMs)) continue;
    tip.left_window = true;
    return;
  }
}

void ComeBackToWindow(World& world, Tip& tip) {
  if (!tip.left_window) return;
  for (const std::size_t place : world.tips_of_payer.at(tip.request.payer_id)) {
    Tip& other = world.tips[place];
    const bool is_alike = other.enters_window && !other.left_window &&
                          other.accept_time_ms == tip.accept_time_ms &&
                          CountedAmount(other) == CountedAmount(tip);
    if (!is_alike) continue;
    std::swap(tip.left_window, other.left_window);
    return;
  }
}

}  // namespace tipgate::oracle

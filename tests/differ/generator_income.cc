// The draws about the later life of tips: capture, void, refund, freeze, release.
#include <algorithm>

#include "tests/differ/call.h"
#include "tests/differ/duel.h"
#include "tests/differ/generator.h"

namespace tipgate::differ {
namespace {

using oracle::kDayMs;

// Most often one of the last.
int64_t AnyOf(const std::vector<int64_t>& steps, Random* random) {
  if (steps.empty()) return 0;
  const auto size = static_cast<int64_t>(steps.size());
  const int64_t back = random->Below(random->Below(4) == 0 ? size : std::min<int64_t>(size, 4));
  return steps[static_cast<size_t>(size - 1 - back)];
}

}  // namespace

int64_t Generator::AnyTip() { return AnyOf(tips_, &random_); }

int64_t Generator::AnyHeldTip() {
  return random_.Below(10) == 0 ? AnyTip() : AnyOf(held_tips_, &random_);
}

OperationPtr Generator::DrawCaptureTip() {
  oracle::CaptureTipRequest request{.idempotency_key = NextKey(), .tip_id = AnyHeldTip()};
  if (random_.Below(2) == 0) request.amount = DrawAmount(policy_.tip_max / 4);
  return MakeCall("CaptureTip", request);
}

OperationPtr Generator::DrawVoidTip() {
  const bool is_in_remorse = policy_.remorse_window_ms != 0 && random_.Below(2) == 0;
  return MakeCall("VoidTip",
                  oracle::VoidTipRequest{.idempotency_key = NextKey(),
                                         .tip_id = is_in_remorse ? AnyTip() : AnyHeldTip()});
}

OperationPtr Generator::DrawRefundTip() {
  oracle::RefundTipRequest request{.idempotency_key = NextKey(),
                                   .tip_id = AnyTip(),
                                   .reason = random_.OneOf<const char*>({"a minor", "a mistake"}),
                                   .case_reference = "case-1"};
  if (random_.Below(2) == 0) {
    request.amount = DrawAmount(policy_.tip_max / 4);
  } else {
    request.permille = random_.OneOf<int64_t>({1, 333, 500, 999, 1000, 1000});
  }
  return MakeCall("RefundTip", request);
}

oracle::IncomeScope Generator::DrawIncomeScope(bool may_be_case) {
  using Kind = oracle::IncomeKind;
  const int64_t kind = random_.Below(may_be_case ? 7 : 5);
  if (kind <= 1) return {.kind = Kind::kTip, .id = AnyTip()};
  if (kind == 2) return {.kind = Kind::kSession, .id = AnySession()};
  if (kind == 3) return {.kind = Kind::kStreamer, .id = AnyStreamer()};
  if (kind == 4) return {.kind = Kind::kAgency, .id = random_.Between(1, kAgenciesCount)};
  return {.kind = Kind::kCase, .id = 0};
}

OperationPtr Generator::DrawFreezeIncome() {
  return MakeCall("FreezeIncome",
                  oracle::FreezeIncomeRequest{.idempotency_key = NextKey(),
                                              .scope = DrawIncomeScope(false),
                                              .case_reference = random_.OneOf<const char*>(
                                                  {"case-1", "case-2", "case-3"})});
}

OperationPtr Generator::DrawReleaseIncome() {
  return MakeCall("ReleaseIncome",
                  oracle::ReleaseIncomeRequest{.idempotency_key = NextKey(),
                                               .scope = DrawIncomeScope(true),
                                               .case_reference = random_.OneOf<const char*>(
                                                   {"case-1", "case-2", "case-3"})});
}

OperationPtr Generator::DrawManualDelay() {
  return MakeCall("SetManualDelay",
                  oracle::SetManualDelayRequest{
                      .idempotency_key = NextKey(),
                      .streamer_id = AnyStreamer(),
                      .delay_ms = random_.OneOf<int64_t>({0, 0, kDayMs, 2 * kDayMs, 8 * kDayMs})});
}

OperationPtr Generator::DrawTipLook() { return MakeTipLook(AnyTip()); }

}  // namespace tipgate::differ

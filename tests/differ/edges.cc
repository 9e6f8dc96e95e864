#include "tests/differ/edges.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/differ/gate_calls.h"

namespace tipgate::differ {
namespace {

constexpr int64_t kCountMax = 9'999;

// A replay is the answer of another time.
template <typename Result>
bool IsOfNow(const Result& result) {
  return result.error == oracle::ErrorReason::kNone && !result.is_replay;
}

template <typename Request>
void Expect(Duel* duel, int64_t time_ms, const Request& request, bool passes,
            const std::string& why) {
  if (PassesAt(&duel->gate(), time_ms, request) == passes) return;
  duel->Note(absl::StrCat("gate: ", why, passes ? " does not pass" : " passes", "\n"));
}

template <typename Request, typename Result>
void CheckRetryTime(Duel* duel, const Request& request, const Result& result) {
  if (!result.retry_time_ms.has_value()) return;
  const int64_t retry_ms = *result.retry_time_ms;
  Expect(duel, retry_ms, request, true, absl::StrCat("the same at retry_time ", retry_ms));
  Expect(duel, retry_ms - 1, request, false, absl::StrCat("the same before retry_time ", retry_ms));
}

void CheckTipEdges(Duel* duel, oracle::TipRequest request, const oracle::TipResult& result) {
  if (!IsOfNow(result)) return;
  CheckRetryTime(duel, request, result);
  const int64_t count_max = result.count_max;
  request.count = count_max;
  if (count_max > 0) {
    Expect(duel, duel->now_ms(), request, true, absl::StrCat("count_max ", count_max));
  }
  request.count = count_max + 1;
  if (count_max < kCountMax) {
    Expect(duel, duel->now_ms(), request, false, absl::StrCat("count_max + 1, ", count_max + 1));
  }
}

void CheckRechargeEdges(Duel* duel, const oracle::AuthorizeRechargeRequest& request,
                        const oracle::RechargeResult& result) {
  if (!IsOfNow(result)) return;
  CheckRetryTime(duel, request, result);
  oracle::AuthorizeRechargeRequest next = request;
  next.amount = result.amount_max;
  if (next.amount > 0) {
    Expect(duel, duel->now_ms(), next, true, absl::StrCat("amount_max ", next.amount));
  }
  ++next.amount;
  Expect(duel, duel->now_ms(), next, false, absl::StrCat("amount_max + 1, ", next.amount));
}

}  // namespace

void CheckEdges(Duel* duel, const oracle::TipRequest& request, const oracle::TipResult& result) {
  CheckTipEdges(duel, request, result);
}

void CheckEdges(Duel* duel, const CheckTipRequest& request, const oracle::TipResult& result) {
  CheckTipEdges(duel, request.tip, result);
}

void CheckEdges(Duel* duel, const oracle::AuthorizeRechargeRequest& request,
                const oracle::RechargeResult& result) {
  CheckRechargeEdges(duel, request, result);
}

void CheckEdges(Duel* duel, const CheckRechargeRequest& request,
                const oracle::RechargeResult& result) {
  CheckRechargeEdges(duel, request.recharge, result);
}

void CheckEdges(Duel* duel, const oracle::OpenSessionRequest& request,
                const oracle::OpenSessionResult& result) {
  if (IsOfNow(result)) CheckRetryTime(duel, request, result);
}

}  // namespace tipgate::differ

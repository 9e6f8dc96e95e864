// An answer must be exact: amount_max passes and one more does not; at retry_time it passes, 1 ms
// before it does not. Tried with the gate itself, without counting anything.
#pragma once

#include "tests/differ/duel.h"
#include "tests/differ/requests.h"

namespace tipgate::differ {

void CheckEdges(Duel* duel, const oracle::TipRequest& request, const oracle::TipResult& result);
void CheckEdges(Duel* duel, const CheckTipRequest& request, const oracle::TipResult& result);
void CheckEdges(Duel* duel, const oracle::AuthorizeRechargeRequest& request,
                const oracle::RechargeResult& result);
void CheckEdges(Duel* duel, const CheckRechargeRequest& request,
                const oracle::RechargeResult& result);
void CheckEdges(Duel* duel, const oracle::OpenSessionRequest& request,
                const oracle::OpenSessionResult& result);

// Other answers have no such edges.
template <typename Request, typename Result>
void CheckEdges(Duel*, const Request&, const Result&) {}

}  // namespace tipgate::differ

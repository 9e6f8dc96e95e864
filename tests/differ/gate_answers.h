// The adapter: the words of the core in those of the oracle.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "core/entry.h"
#include "core/error.h"
#include "core/policy.h"
#include "core/record.h"
#include "core/state.h"
#include "tests/oracle/results.h"

namespace tipgate::differ {

oracle::ErrorReason ToOracle(const RequestError& error);
oracle::Violations ToOracle(absl::Span<const Violation> violations);

// Answers: a record that stands in an entry, and its id.
struct RecordPlace {
  const Record& record;
  const Entry& entry;
  RecordId id;
};
void Fill(const RecordPlace& place, oracle::TipResult* result);
void Fill(const RecordPlace& place, oracle::RechargeResult* result);
void Fill(const RecordPlace& place, oracle::OpenSessionResult* result);
void Fill(const RecordPlace& place, oracle::PausePayerResult* result);
void Fill(const RecordPlace& place, oracle::SelfLimitsResult* result);
void Fill(const RecordPlace& place, oracle::PreferencesResult* result);
void Fill(const RecordPlace& place, oracle::ConfirmationResult* result);
void Fill(const RecordPlace& place, oracle::CoolingOffResult* result);
void Fill(const RecordPlace& place, oracle::FreezeResult* result);
void Fill(const RecordPlace& place, oracle::StopResult* result);
void Fill(const RecordPlace& place, oracle::SanctionResult* result);
void Fill(const RecordPlace& place, oracle::ChangeResult* result);
void Fill(const RecordPlace& place, oracle::TipLifeResult* result);
void Fill(const RecordPlace& place, oracle::IncomeResult* result);  // before its first step

// Views, as the server makes them of the same state.
oracle::PayerView ViewOf(const Payer& payer, const PayerControls& controls, const Policy& policy,
                         const Moment& now);
oracle::TipView ViewOf(const Tip& tip, const Totals& totals);
oracle::StreamerView ViewOf(const Streamer& streamer, const std::vector<Sanction>& sanctions,
                            const Moment& now);
oracle::StopsView ViewOf(const std::vector<Stop>& stops);
oracle::SessionView ViewOf(const Session& session, const TierName& of_streamer,
                           const Policy& policy);
oracle::Totals ViewOf(const Totals& totals);

}  // namespace tipgate::differ
